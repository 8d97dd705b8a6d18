import type { GroupVersionData } from '../../schema/group-version.ts'

/** API data of the core group v1. */
export const coreV1: GroupVersionData = {
  group: '',
  version: 'v1',
  priority: { group: 18000, version: 1 },
  definitionPrefix: 'io.k8s.api.core.v1',
  goPackage: 'k8s.io/api/core/v1',
  protoPackage: 'k8s.io.api.core.v1',
  resources: {
    bindings: { kind: 'Binding', singular: 'binding', verbs: ['create'], lifecycle: { introduced: '1.0' } },
    componentstatuses: {
      kind: 'ComponentStatus',
      singular: 'componentstatus',
      clusterScoped: true,
      shortNames: ['cs'],
      verbs: ['get', 'list'],
      fieldSelectors: ['metadata.namespace'],
    },
    configmaps: {
      kind: 'ConfigMap',
      singular: 'configmap',
      shortNames: ['cm'],
      storageVersionHash: 'qFsyl6wFWjQ=',
      lifecycle: { introduced: '1.2' },
    },
    endpoints: {
      kind: 'Endpoints',
      singular: 'endpoints',
      shortNames: ['ep'],
      storageVersionHash: 'fWeeMqaN/OA=',
      lifecycle: { introduced: '1.0' },
    },
    events: {
      kind: 'Event',
      singular: 'event',
      shortNames: ['ev'],
      storageVersionHash: 'r2yiGXH7wu8=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: [
        'involvedObject.apiVersion',
        'involvedObject.fieldPath',
        'involvedObject.kind',
        'involvedObject.name',
        'involvedObject.namespace',
        'involvedObject.resourceVersion',
        'involvedObject.uid',
        'reason',
        'reportingComponent',
        'source',
        'type',
      ],
    },
    limitranges: {
      kind: 'LimitRange',
      singular: 'limitrange',
      shortNames: ['limits'],
      storageVersionHash: 'EBKMFVe6cwo=',
      lifecycle: { introduced: '1.0' },
    },
    namespaces: {
      kind: 'Namespace',
      singular: 'namespace',
      clusterScoped: true,
      shortNames: ['ns'],
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      storageVersionHash: 'Q3oi5N2YM8M=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['status.phase'],
      subresources: {
        finalize: { verbs: ['update'] },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    nodes: {
      kind: 'Node',
      singular: 'node',
      clusterScoped: true,
      shortNames: ['no'],
      storageVersionHash: 'XwShjMxG9Fs=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['spec.unschedulable'],
      subresources: {
        proxy: {
          verbs: ['create', 'delete', 'get', 'patch', 'update'],
          kind: 'NodeProxyOptions',
          kindGroup: '',
          kindVersion: 'v1',
        },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    persistentvolumeclaims: {
      kind: 'PersistentVolumeClaim',
      singular: 'persistentvolumeclaim',
      shortNames: ['pvc'],
      storageVersionHash: 'QWTyNDq0dC4=',
      lifecycle: { introduced: '1.0' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    persistentvolumes: {
      kind: 'PersistentVolume',
      singular: 'persistentvolume',
      clusterScoped: true,
      shortNames: ['pv'],
      storageVersionHash: 'HN/zwEC+JgM=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['metadata.namespace'],
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    pods: {
      kind: 'Pod',
      singular: 'pod',
      shortNames: ['po'],
      categories: ['all'],
      storageVersionHash: 'xPOwRZ+Yhw8=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: [
        'spec.host',
        'spec.hostNetwork',
        'spec.nodeName',
        'spec.restartPolicy',
        'spec.schedulerName',
        'spec.serviceAccountName',
        'status.nominatedNodeName',
        'status.phase',
        'status.podIP',
        'status.podIPs',
      ],
      subresources: {
        attach: { verbs: ['create', 'get'], kind: 'PodAttachOptions', kindGroup: '', kindVersion: 'v1' },
        binding: { verbs: ['create'], kind: 'Binding', kindGroup: '', kindVersion: 'v1' },
        ephemeralcontainers: { verbs: ['get', 'patch', 'update'] },
        eviction: { verbs: ['create'], kind: 'Eviction', kindGroup: 'policy', kindVersion: 'v1' },
        exec: { verbs: ['create', 'get'], kind: 'PodExecOptions', kindGroup: '', kindVersion: 'v1' },
        log: { verbs: ['get'] },
        portforward: { verbs: ['create', 'get'], kind: 'PodPortForwardOptions', kindGroup: '', kindVersion: 'v1' },
        proxy: {
          verbs: ['create', 'delete', 'get', 'patch', 'update'],
          kind: 'PodProxyOptions',
          kindGroup: '',
          kindVersion: 'v1',
        },
        resize: { verbs: ['get', 'patch', 'update'] },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    podtemplates: {
      kind: 'PodTemplate',
      singular: 'podtemplate',
      storageVersionHash: 'LIXB2x4IFpk=',
      lifecycle: { introduced: '1.0' },
    },
    replicationcontrollers: {
      kind: 'ReplicationController',
      singular: 'replicationcontroller',
      shortNames: ['rc'],
      categories: ['all'],
      storageVersionHash: 'Jond2If31h0=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['status.replicas'],
      subresources: {
        scale: { verbs: ['get', 'patch', 'update'], kind: 'Scale', kindGroup: 'autoscaling', kindVersion: 'v1' },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    resourcequotas: {
      kind: 'ResourceQuota',
      singular: 'resourcequota',
      shortNames: ['quota'],
      storageVersionHash: '8uhSgffRX6w=',
      lifecycle: { introduced: '1.0' },
      subresources: {
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
    secrets: {
      kind: 'Secret',
      singular: 'secret',
      storageVersionHash: 'S6u1pOWzb84=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['type'],
    },
    serviceaccounts: {
      kind: 'ServiceAccount',
      singular: 'serviceaccount',
      shortNames: ['sa'],
      storageVersionHash: 'pbx9ZvyFpBE=',
      lifecycle: { introduced: '1.0' },
      subresources: {
        token: { verbs: ['create'], kind: 'TokenRequest', kindGroup: 'authentication.k8s.io', kindVersion: 'v1' },
      },
    },
    services: {
      kind: 'Service',
      singular: 'service',
      shortNames: ['svc'],
      categories: ['all'],
      storageVersionHash: '0/CO1lhkEBI=',
      lifecycle: { introduced: '1.0' },
      fieldSelectors: ['spec.clusterIP', 'spec.type'],
      subresources: {
        proxy: {
          verbs: ['create', 'delete', 'get', 'patch', 'update'],
          kind: 'ServiceProxyOptions',
          kindGroup: '',
          kindVersion: 'v1',
        },
        status: { verbs: ['get', 'patch', 'update'] },
      },
    },
  },
  types: {
    AWSElasticBlockStoreVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        partition: { id: 3, type: 'int32' },
        readOnly: { id: 4, type: 'bool' },
      },
    },
    Affinity: {
      fields: {
        nodeAffinity: { id: 1, type: '*NodeAffinity' },
        podAffinity: { id: 2, type: '*PodAffinity' },
        podAntiAffinity: { id: 3, type: '*PodAntiAffinity' },
      },
    },
    AppArmorProfile: {
      unions: [{ discriminator: 'type', members: { localhostProfile: 'LocalhostProfile' } }],
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.AppArmorProfileType',
          required: true,
          enum: ['Localhost', 'RuntimeDefault', 'Unconfined'],
          discriminator: true,
        },
        localhostProfile: { id: 2, type: '*string' },
      },
    },
    AttachedVolume: {
      fields: {
        name: { id: 1, type: 'string', goType: 'v1.UniqueVolumeName', required: true },
        devicePath: { id: 2, type: 'string', required: true },
      },
    },
    AvoidPods: {
      openapi: false,
      fields: {
        preferAvoidPods: { id: 1, type: '[]PreferAvoidPodsEntry', listType: 'atomic' },
      },
    },
    AzureDiskVolumeSource: {
      fields: {
        diskName: { id: 1, type: 'string', required: true },
        diskURI: { id: 2, type: 'string', required: true },
        cachingMode: {
          id: 3,
          type: '*string',
          goType: 'v1.AzureDataDiskCachingMode',
          default: 'ReadWrite',
          enum: ['None', 'ReadOnly', 'ReadWrite'],
        },
        fsType: { id: 4, type: '*string', default: 'ext4' },
        readOnly: { id: 5, type: '*bool', default: false },
        kind: {
          id: 6,
          type: '*string',
          goType: 'v1.AzureDataDiskKind',
          default: 'Shared',
          enum: ['Dedicated', 'Managed', 'Shared'],
        },
      },
    },
    AzureFilePersistentVolumeSource: {
      fields: {
        secretName: { id: 1, type: 'string', required: true },
        shareName: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        secretNamespace: { id: 4, type: '*string', emit: 'always' },
      },
    },
    AzureFileVolumeSource: {
      fields: {
        secretName: { id: 1, type: 'string', required: true },
        shareName: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    Binding: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        target: { id: 2, type: 'ObjectReference', required: true },
      },
    },
    CSIPersistentVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        volumeHandle: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        fsType: { id: 4, type: 'string' },
        volumeAttributes: { id: 5, type: 'map[string]string' },
        controllerPublishSecretRef: { id: 6, type: '*SecretReference' },
        nodeStageSecretRef: { id: 7, type: '*SecretReference' },
        nodePublishSecretRef: { id: 8, type: '*SecretReference' },
        controllerExpandSecretRef: { id: 9, type: '*SecretReference' },
        nodeExpandSecretRef: { id: 10, type: '*SecretReference' },
      },
    },
    CSIVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        readOnly: { id: 2, type: '*bool' },
        fsType: { id: 3, type: '*string' },
        volumeAttributes: { id: 4, type: 'map[string]string' },
        nodePublishSecretRef: { id: 5, type: '*LocalObjectReference' },
      },
    },
    Capabilities: {
      fields: {
        add: { id: 1, type: '[]string', goType: '[]v1.Capability', listType: 'atomic' },
        drop: { id: 2, type: '[]string', goType: '[]v1.Capability', listType: 'atomic' },
      },
    },
    CephFSPersistentVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        path: { id: 2, type: 'string' },
        user: { id: 3, type: 'string' },
        secretFile: { id: 4, type: 'string' },
        secretRef: { id: 5, type: '*SecretReference' },
        readOnly: { id: 6, type: 'bool' },
      },
    },
    CephFSVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        path: { id: 2, type: 'string' },
        user: { id: 3, type: 'string' },
        secretFile: { id: 4, type: 'string' },
        secretRef: { id: 5, type: '*LocalObjectReference' },
        readOnly: { id: 6, type: 'bool' },
      },
    },
    CinderPersistentVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        readOnly: { id: 3, type: 'bool' },
        secretRef: { id: 4, type: '*SecretReference' },
      },
    },
    CinderVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        readOnly: { id: 3, type: 'bool' },
        secretRef: { id: 4, type: '*LocalObjectReference' },
      },
    },
    ClientIPConfig: {
      fields: {
        timeoutSeconds: { id: 1, type: '*int32' },
      },
    },
    ClusterTrustBundleProjection: {
      fields: {
        name: { id: 1, type: '*string' },
        signerName: { id: 2, type: '*string' },
        labelSelector: { id: 3, type: '*meta/v1.LabelSelector' },
        optional: { id: 5, type: '*bool' },
        path: { id: 4, type: 'string', required: true },
      },
    },
    ComponentCondition: {
      fields: {
        type: { id: 1, type: 'string', goType: 'v1.ComponentConditionType', required: true, values: ['Healthy'] },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        message: { id: 3, type: 'string' },
        error: { id: 4, type: 'string' },
      },
    },
    ComponentStatus: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        conditions: {
          id: 2,
          type: '[]ComponentCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    ConfigMap: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        immutable: { id: 4, type: '*bool' },
        data: { id: 2, type: 'map[string]string' },
        binaryData: { id: 3, type: 'map[string]bytes' },
      },
    },
    ConfigMapEnvSource: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        optional: { id: 2, type: '*bool' },
      },
    },
    ConfigMapKeySelector: {
      mapType: 'atomic',
      fields: {
        '...LocalObjectReference': { id: 1 },
        key: { id: 2, type: 'string', required: true },
        optional: { id: 3, type: '*bool' },
      },
    },
    ConfigMapNodeConfigSource: {
      fields: {
        namespace: { id: 1, type: 'string', required: true },
        name: { id: 2, type: 'string', required: true },
        uid: { id: 3, type: 'string', goType: 'types.UID' },
        resourceVersion: { id: 4, type: 'string' },
        kubeletConfigKey: { id: 5, type: 'string', required: true },
      },
    },
    ConfigMapProjection: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        optional: { id: 4, type: '*bool' },
      },
    },
    ConfigMapVolumeSource: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        defaultMode: { id: 3, type: '*int32' },
        optional: { id: 4, type: '*bool' },
      },
    },
    Container: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        image: { id: 2, type: 'string' },
        command: { id: 3, type: '[]string', listType: 'atomic' },
        args: { id: 4, type: '[]string', listType: 'atomic' },
        workingDir: { id: 5, type: 'string' },
        ports: {
          id: 6,
          type: '[]ContainerPort',
          listType: 'map',
          keys: ['containerPort', 'protocol'],
          patch: 'merge',
          mergeKey: 'containerPort',
        },
        envFrom: { id: 19, type: '[]EnvFromSource', listType: 'atomic' },
        env: { id: 7, type: '[]EnvVar', listType: 'map', keys: ['name'], patch: 'merge', mergeKey: 'name' },
        resources: { id: 8, type: 'ResourceRequirements' },
        resizePolicy: {
          id: 23,
          type: '[]ContainerResizePolicy',
          listType: 'atomic',
          gate: 'InPlacePodVerticalScaling',
        },
        restartPolicy: {
          id: 24,
          type: '*string',
          goType: 'v1.ContainerRestartPolicy',
          values: ['Always', 'Never', 'OnFailure'],
        },
        restartPolicyRules: {
          id: 25,
          type: '[]ContainerRestartRule',
          listType: 'atomic',
          gate: 'ContainerRestartRules',
        },
        volumeMounts: {
          id: 9,
          type: '[]VolumeMount',
          listType: 'map',
          keys: ['mountPath'],
          patch: 'merge',
          mergeKey: 'mountPath',
        },
        volumeDevices: {
          id: 21,
          type: '[]VolumeDevice',
          listType: 'map',
          keys: ['devicePath'],
          patch: 'merge',
          mergeKey: 'devicePath',
        },
        livenessProbe: { id: 10, type: '*Probe' },
        readinessProbe: { id: 11, type: '*Probe' },
        startupProbe: { id: 22, type: '*Probe' },
        lifecycle: { id: 12, type: '*Lifecycle' },
        terminationMessagePath: { id: 13, type: 'string' },
        terminationMessagePolicy: {
          id: 20,
          type: 'string',
          goType: 'v1.TerminationMessagePolicy',
          enum: ['FallbackToLogsOnError', 'File'],
        },
        imagePullPolicy: { id: 14, type: 'string', goType: 'v1.PullPolicy', enum: ['Always', 'IfNotPresent', 'Never'] },
        securityContext: { id: 15, type: '*SecurityContext' },
        stdin: { id: 16, type: 'bool' },
        stdinOnce: { id: 17, type: 'bool' },
        tty: { id: 18, type: 'bool' },
      },
    },
    ContainerExtendedResourceRequest: {
      fields: {
        containerName: { id: 1, type: 'string', required: true },
        resourceName: { id: 2, type: 'string', required: true },
        requestName: { id: 3, type: 'string', required: true },
      },
    },
    ContainerImage: {
      fields: {
        names: { id: 1, type: '[]string', emit: 'always', listType: 'atomic' },
        sizeBytes: { id: 2, type: 'int64' },
      },
    },
    ContainerPort: {
      fields: {
        name: { id: 1, type: 'string' },
        hostPort: { id: 2, type: 'int32' },
        containerPort: { id: 3, type: 'int32', required: true },
        protocol: { id: 4, type: 'string', goType: 'v1.Protocol', default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'] },
        hostIP: { id: 5, type: 'string' },
      },
    },
    ContainerResizePolicy: {
      fields: {
        resourceName: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceName',
          required: true,
          values: [
            'cpu',
            'memory',
            'storage',
            'ephemeral-storage',
            'pods',
            'services',
            'replicationcontrollers',
            'resourcequotas',
            'secrets',
            'configmaps',
            'persistentvolumeclaims',
            'services.nodeports',
            'services.loadbalancers',
            'requests.cpu',
            'requests.memory',
            'requests.storage',
            'requests.ephemeral-storage',
            'limits.cpu',
            'limits.memory',
            'limits.ephemeral-storage',
          ],
        },
        restartPolicy: {
          id: 2,
          type: 'string',
          goType: 'v1.ResourceResizeRestartPolicy',
          required: true,
          values: ['NotRequired', 'RestartContainer'],
        },
      },
    },
    ContainerRestartRule: {
      fields: {
        action: {
          id: 1,
          type: 'string',
          goType: 'v1.ContainerRestartRuleAction',
          required: true,
          emit: 'nonEmpty',
          values: ['Restart', 'RestartAllContainers'],
        },
        exitCodes: { id: 2, type: '*ContainerRestartRuleOnExitCodes', oneOf: 'when' },
      },
    },
    ContainerRestartRuleOnExitCodes: {
      fields: {
        operator: {
          id: 1,
          type: 'string',
          goType: 'v1.ContainerRestartRuleOnExitCodesOperator',
          required: true,
          emit: 'nonEmpty',
          values: ['In', 'NotIn'],
        },
        values: { id: 2, type: '[]int32', listType: 'set' },
      },
    },
    ContainerState: {
      fields: {
        waiting: { id: 1, type: '*ContainerStateWaiting' },
        running: { id: 2, type: '*ContainerStateRunning' },
        terminated: { id: 3, type: '*ContainerStateTerminated' },
      },
    },
    ContainerStateRunning: {
      fields: {
        startedAt: { id: 1, type: 'time' },
      },
    },
    ContainerStateTerminated: {
      fields: {
        exitCode: { id: 1, type: 'int32', required: true },
        signal: { id: 2, type: 'int32' },
        reason: { id: 3, type: 'string' },
        message: { id: 4, type: 'string' },
        startedAt: { id: 5, type: 'time' },
        finishedAt: { id: 6, type: 'time' },
        containerID: { id: 7, type: 'string' },
      },
    },
    ContainerStateWaiting: {
      fields: {
        reason: { id: 1, type: 'string' },
        message: { id: 2, type: 'string' },
      },
    },
    ContainerStatus: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        state: { id: 2, type: 'ContainerState' },
        lastState: { id: 3, type: 'ContainerState' },
        ready: { id: 4, type: 'bool', required: true },
        restartCount: { id: 5, type: 'int32', required: true },
        image: { id: 6, type: 'string', required: true },
        imageID: { id: 7, type: 'string', required: true },
        containerID: { id: 8, type: 'string' },
        started: { id: 9, type: '*bool' },
        allocatedResources: { id: 10, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        resources: { id: 11, type: '*ResourceRequirements', gate: 'InPlacePodVerticalScaling' },
        volumeMounts: {
          id: 12,
          type: '[]VolumeMountStatus',
          listType: 'map',
          keys: ['mountPath'],
          patch: 'merge',
          mergeKey: 'mountPath',
        },
        user: { id: 13, type: '*ContainerUser', gate: 'SupplementalGroupsPolicy' },
        allocatedResourcesStatus: {
          id: 14,
          type: '[]ResourceStatus',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
          gate: 'ResourceHealthStatus',
        },
        stopSignal: {
          id: 15,
          type: '*string',
          goType: 'v1.Signal',
          enum: [
            'SIGABRT',
            'SIGALRM',
            'SIGBUS',
            'SIGCHLD',
            'SIGCLD',
            'SIGCONT',
            'SIGFPE',
            'SIGHUP',
            'SIGILL',
            'SIGINT',
            'SIGIO',
            'SIGIOT',
            'SIGKILL',
            'SIGPIPE',
            'SIGPOLL',
            'SIGPROF',
            'SIGPWR',
            'SIGQUIT',
            'SIGRTMAX',
            'SIGRTMAX-1',
            'SIGRTMAX-10',
            'SIGRTMAX-11',
            'SIGRTMAX-12',
            'SIGRTMAX-13',
            'SIGRTMAX-14',
            'SIGRTMAX-2',
            'SIGRTMAX-3',
            'SIGRTMAX-4',
            'SIGRTMAX-5',
            'SIGRTMAX-6',
            'SIGRTMAX-7',
            'SIGRTMAX-8',
            'SIGRTMAX-9',
            'SIGRTMIN',
            'SIGRTMIN+1',
            'SIGRTMIN+10',
            'SIGRTMIN+11',
            'SIGRTMIN+12',
            'SIGRTMIN+13',
            'SIGRTMIN+14',
            'SIGRTMIN+15',
            'SIGRTMIN+2',
            'SIGRTMIN+3',
            'SIGRTMIN+4',
            'SIGRTMIN+5',
            'SIGRTMIN+6',
            'SIGRTMIN+7',
            'SIGRTMIN+8',
            'SIGRTMIN+9',
            'SIGSEGV',
            'SIGSTKFLT',
            'SIGSTOP',
            'SIGSYS',
            'SIGTERM',
            'SIGTRAP',
            'SIGTSTP',
            'SIGTTIN',
            'SIGTTOU',
            'SIGURG',
            'SIGUSR1',
            'SIGUSR2',
            'SIGVTALRM',
            'SIGWINCH',
            'SIGXCPU',
            'SIGXFSZ',
          ],
          gate: 'ContainerStopSignals',
        },
      },
    },
    ContainerUser: {
      fields: {
        linux: { id: 1, type: '*LinuxContainerUser' },
      },
    },
    DaemonEndpoint: {
      fields: {
        Port: { id: 1, type: 'int32', required: true },
      },
    },
    DownwardAPIProjection: {
      fields: {
        items: { id: 1, type: '[]DownwardAPIVolumeFile', listType: 'atomic' },
      },
    },
    DownwardAPIVolumeFile: {
      fields: {
        path: { id: 1, type: 'string', required: true },
        fieldRef: { id: 2, type: '*ObjectFieldSelector' },
        resourceFieldRef: { id: 3, type: '*ResourceFieldSelector' },
        mode: { id: 4, type: '*int32' },
      },
    },
    DownwardAPIVolumeSource: {
      fields: {
        items: { id: 1, type: '[]DownwardAPIVolumeFile', listType: 'atomic' },
        defaultMode: { id: 2, type: '*int32' },
      },
    },
    EmptyDirVolumeSource: {
      fields: {
        medium: {
          id: 1,
          type: 'string',
          goType: 'v1.StorageMedium',
          values: ['', 'Memory', 'HugePages', 'HugePages-'],
        },
        sizeLimit: { id: 2, type: '*quantity' },
      },
    },
    EndpointAddress: {
      mapType: 'atomic',
      fields: {
        ip: { id: 1, type: 'string', required: true },
        hostname: { id: 3, type: 'string' },
        nodeName: { id: 4, type: '*string' },
        targetRef: { id: 2, type: '*ObjectReference' },
      },
    },
    EndpointPort: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string' },
        port: { id: 2, type: 'int32', required: true },
        protocol: { id: 3, type: 'string', goType: 'v1.Protocol', enum: ['SCTP', 'TCP', 'UDP'] },
        appProtocol: { id: 4, type: '*string' },
      },
    },
    EndpointSubset: {
      fields: {
        addresses: { id: 1, type: '[]EndpointAddress', listType: 'atomic' },
        notReadyAddresses: { id: 2, type: '[]EndpointAddress', listType: 'atomic' },
        ports: { id: 3, type: '[]EndpointPort', listType: 'atomic' },
      },
    },
    Endpoints: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        subsets: { id: 2, type: '[]EndpointSubset', listType: 'atomic' },
      },
    },
    EnvFromSource: {
      fields: {
        prefix: { id: 1, type: 'string' },
        configMapRef: { id: 2, type: '*ConfigMapEnvSource' },
        secretRef: { id: 3, type: '*SecretEnvSource' },
      },
    },
    EnvVar: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        value: { id: 2, type: 'string' },
        valueFrom: { id: 3, type: '*EnvVarSource' },
      },
    },
    EnvVarSource: {
      fields: {
        fieldRef: { id: 1, type: '*ObjectFieldSelector' },
        resourceFieldRef: { id: 2, type: '*ResourceFieldSelector' },
        configMapKeyRef: { id: 3, type: '*ConfigMapKeySelector' },
        secretKeyRef: { id: 4, type: '*SecretKeySelector' },
        fileKeyRef: { id: 5, type: '*FileKeySelector', gate: 'EnvFiles' },
      },
    },
    EphemeralContainer: {
      fields: {
        '...EphemeralContainerCommon': { id: 1 },
        targetContainerName: { id: 2, type: 'string' },
      },
    },
    EphemeralContainerCommon: {
      openapi: false,
      fields: {
        name: { id: 1, type: 'string', required: true },
        image: { id: 2, type: 'string' },
        command: { id: 3, type: '[]string', listType: 'atomic' },
        args: { id: 4, type: '[]string', listType: 'atomic' },
        workingDir: { id: 5, type: 'string' },
        ports: {
          id: 6,
          type: '[]ContainerPort',
          listType: 'map',
          keys: ['containerPort', 'protocol'],
          patch: 'merge',
          mergeKey: 'containerPort',
        },
        envFrom: { id: 19, type: '[]EnvFromSource', listType: 'atomic' },
        env: { id: 7, type: '[]EnvVar', listType: 'map', keys: ['name'], patch: 'merge', mergeKey: 'name' },
        resources: { id: 8, type: 'ResourceRequirements' },
        resizePolicy: {
          id: 23,
          type: '[]ContainerResizePolicy',
          listType: 'atomic',
          gate: 'InPlacePodVerticalScaling',
        },
        restartPolicy: {
          id: 24,
          type: '*string',
          goType: 'v1.ContainerRestartPolicy',
          values: ['Always', 'Never', 'OnFailure'],
        },
        restartPolicyRules: {
          id: 25,
          type: '[]ContainerRestartRule',
          listType: 'atomic',
          gate: 'ContainerRestartRules',
        },
        volumeMounts: {
          id: 9,
          type: '[]VolumeMount',
          listType: 'map',
          keys: ['mountPath'],
          patch: 'merge',
          mergeKey: 'mountPath',
        },
        volumeDevices: {
          id: 21,
          type: '[]VolumeDevice',
          listType: 'map',
          keys: ['devicePath'],
          patch: 'merge',
          mergeKey: 'devicePath',
        },
        livenessProbe: { id: 10, type: '*Probe' },
        readinessProbe: { id: 11, type: '*Probe' },
        startupProbe: { id: 22, type: '*Probe' },
        lifecycle: { id: 12, type: '*Lifecycle' },
        terminationMessagePath: { id: 13, type: 'string' },
        terminationMessagePolicy: {
          id: 20,
          type: 'string',
          goType: 'v1.TerminationMessagePolicy',
          enum: ['FallbackToLogsOnError', 'File'],
        },
        imagePullPolicy: { id: 14, type: 'string', goType: 'v1.PullPolicy', enum: ['Always', 'IfNotPresent', 'Never'] },
        securityContext: { id: 15, type: '*SecurityContext' },
        stdin: { id: 16, type: 'bool' },
        stdinOnce: { id: 17, type: 'bool' },
        tty: { id: 18, type: 'bool' },
      },
    },
    EphemeralVolumeSource: {
      fields: {
        volumeClaimTemplate: { id: 1, type: '*PersistentVolumeClaimTemplate' },
      },
    },
    Event: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta', required: true },
        involvedObject: { id: 2, type: 'ObjectReference', required: true },
        reason: { id: 3, type: 'string' },
        message: { id: 4, type: 'string' },
        source: { id: 5, type: 'EventSource' },
        firstTimestamp: { id: 6, type: 'time' },
        lastTimestamp: { id: 7, type: 'time' },
        count: { id: 8, type: 'int32' },
        type: { id: 9, type: 'string' },
        eventTime: { id: 10, type: 'microTime' },
        series: { id: 11, type: '*EventSeries' },
        action: { id: 12, type: 'string' },
        related: { id: 13, type: '*ObjectReference' },
        reportingComponent: { id: 14, type: 'string', emit: 'always' },
        reportingInstance: { id: 15, type: 'string', emit: 'always' },
      },
    },
    EventSeries: {
      fields: {
        count: { id: 1, type: 'int32' },
        lastObservedTime: { id: 2, type: 'microTime' },
      },
    },
    EventSource: {
      fields: {
        component: { id: 1, type: 'string' },
        host: { id: 2, type: 'string' },
      },
    },
    ExecAction: {
      fields: {
        command: { id: 1, type: '[]string', listType: 'atomic' },
      },
    },
    FCVolumeSource: {
      fields: {
        targetWWNs: { id: 1, type: '[]string', listType: 'atomic' },
        lun: { id: 2, type: '*int32' },
        fsType: { id: 3, type: 'string' },
        readOnly: { id: 4, type: 'bool' },
        wwids: { id: 5, type: '[]string', listType: 'atomic' },
      },
    },
    FileKeySelector: {
      mapType: 'atomic',
      fields: {
        volumeName: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        key: { id: 3, type: 'string', required: true },
        optional: { id: 4, type: '*bool', default: false },
      },
    },
    FlexPersistentVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        secretRef: { id: 3, type: '*SecretReference' },
        readOnly: { id: 4, type: 'bool' },
        options: { id: 5, type: 'map[string]string' },
      },
    },
    FlexVolumeSource: {
      fields: {
        driver: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        secretRef: { id: 3, type: '*LocalObjectReference' },
        readOnly: { id: 4, type: 'bool' },
        options: { id: 5, type: 'map[string]string' },
      },
    },
    FlockerVolumeSource: {
      fields: {
        datasetName: { id: 1, type: 'string' },
        datasetUUID: { id: 2, type: 'string' },
      },
    },
    GCEPersistentDiskVolumeSource: {
      fields: {
        pdName: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        partition: { id: 3, type: 'int32' },
        readOnly: { id: 4, type: 'bool' },
      },
    },
    GRPCAction: {
      fields: {
        port: { id: 1, type: 'int32', required: true },
        service: { id: 2, type: '*string', emit: 'always', default: '' },
      },
    },
    GitRepoVolumeSource: {
      fields: {
        repository: { id: 1, type: 'string', required: true },
        revision: { id: 2, type: 'string' },
        directory: { id: 3, type: 'string' },
      },
    },
    GlusterfsPersistentVolumeSource: {
      fields: {
        endpoints: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        endpointsNamespace: { id: 4, type: '*string' },
      },
    },
    GlusterfsVolumeSource: {
      fields: {
        endpoints: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    HTTPGetAction: {
      fields: {
        path: { id: 1, type: 'string' },
        port: { id: 2, type: 'intOrString', required: true },
        host: { id: 3, type: 'string' },
        scheme: { id: 4, type: 'string', goType: 'v1.URIScheme', enum: ['HTTP', 'HTTPS'] },
        httpHeaders: { id: 5, type: '[]HTTPHeader', listType: 'atomic' },
      },
    },
    HTTPHeader: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        value: { id: 2, type: 'string', required: true },
      },
    },
    HostAlias: {
      fields: {
        ip: { id: 1, type: 'string', required: true },
        hostnames: { id: 2, type: '[]string', listType: 'atomic' },
      },
    },
    HostIP: {
      fields: {
        ip: { id: 1, type: 'string', required: true },
      },
    },
    HostPathVolumeSource: {
      fields: {
        path: { id: 1, type: 'string', required: true },
        type: {
          id: 2,
          type: '*string',
          goType: 'v1.HostPathType',
          enum: ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'],
        },
      },
    },
    ISCSIPersistentVolumeSource: {
      fields: {
        targetPortal: { id: 1, type: 'string', required: true },
        iqn: { id: 2, type: 'string', required: true },
        lun: { id: 3, type: 'int32', required: true },
        iscsiInterface: { id: 4, type: 'string', default: 'default' },
        fsType: { id: 5, type: 'string' },
        readOnly: { id: 6, type: 'bool' },
        portals: { id: 7, type: '[]string', listType: 'atomic' },
        chapAuthDiscovery: { id: 8, type: 'bool' },
        chapAuthSession: { id: 11, type: 'bool' },
        secretRef: { id: 10, type: '*SecretReference' },
        initiatorName: { id: 12, type: '*string' },
      },
    },
    ISCSIVolumeSource: {
      fields: {
        targetPortal: { id: 1, type: 'string', required: true },
        iqn: { id: 2, type: 'string', required: true },
        lun: { id: 3, type: 'int32', required: true },
        iscsiInterface: { id: 4, type: 'string', default: 'default' },
        fsType: { id: 5, type: 'string' },
        readOnly: { id: 6, type: 'bool' },
        portals: { id: 7, type: '[]string', listType: 'atomic' },
        chapAuthDiscovery: { id: 8, type: 'bool' },
        chapAuthSession: { id: 11, type: 'bool' },
        secretRef: { id: 10, type: '*LocalObjectReference' },
        initiatorName: { id: 12, type: '*string' },
      },
    },
    ImageVolumeSource: {
      fields: {
        reference: { id: 1, type: 'string' },
        pullPolicy: { id: 2, type: 'string', goType: 'v1.PullPolicy', enum: ['Always', 'IfNotPresent', 'Never'] },
      },
    },
    ImageVolumeStatus: {
      fields: {
        imageRef: { id: 1, type: 'string', required: true, emit: 'nonEmpty' },
      },
    },
    KeyToPath: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        mode: { id: 3, type: '*int32' },
      },
    },
    Lifecycle: {
      fields: {
        postStart: { id: 1, type: '*LifecycleHandler' },
        preStop: { id: 2, type: '*LifecycleHandler' },
        stopSignal: {
          id: 3,
          type: '*string',
          goType: 'v1.Signal',
          enum: [
            'SIGABRT',
            'SIGALRM',
            'SIGBUS',
            'SIGCHLD',
            'SIGCLD',
            'SIGCONT',
            'SIGFPE',
            'SIGHUP',
            'SIGILL',
            'SIGINT',
            'SIGIO',
            'SIGIOT',
            'SIGKILL',
            'SIGPIPE',
            'SIGPOLL',
            'SIGPROF',
            'SIGPWR',
            'SIGQUIT',
            'SIGRTMAX',
            'SIGRTMAX-1',
            'SIGRTMAX-10',
            'SIGRTMAX-11',
            'SIGRTMAX-12',
            'SIGRTMAX-13',
            'SIGRTMAX-14',
            'SIGRTMAX-2',
            'SIGRTMAX-3',
            'SIGRTMAX-4',
            'SIGRTMAX-5',
            'SIGRTMAX-6',
            'SIGRTMAX-7',
            'SIGRTMAX-8',
            'SIGRTMAX-9',
            'SIGRTMIN',
            'SIGRTMIN+1',
            'SIGRTMIN+10',
            'SIGRTMIN+11',
            'SIGRTMIN+12',
            'SIGRTMIN+13',
            'SIGRTMIN+14',
            'SIGRTMIN+15',
            'SIGRTMIN+2',
            'SIGRTMIN+3',
            'SIGRTMIN+4',
            'SIGRTMIN+5',
            'SIGRTMIN+6',
            'SIGRTMIN+7',
            'SIGRTMIN+8',
            'SIGRTMIN+9',
            'SIGSEGV',
            'SIGSTKFLT',
            'SIGSTOP',
            'SIGSYS',
            'SIGTERM',
            'SIGTRAP',
            'SIGTSTP',
            'SIGTTIN',
            'SIGTTOU',
            'SIGURG',
            'SIGUSR1',
            'SIGUSR2',
            'SIGVTALRM',
            'SIGWINCH',
            'SIGXCPU',
            'SIGXFSZ',
          ],
        },
      },
    },
    LifecycleHandler: {
      fields: {
        exec: { id: 1, type: '*ExecAction' },
        httpGet: { id: 2, type: '*HTTPGetAction' },
        tcpSocket: { id: 3, type: '*TCPSocketAction' },
        sleep: { id: 4, type: '*SleepAction' },
      },
    },
    LimitRange: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'LimitRangeSpec' },
      },
    },
    LimitRangeItem: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.LimitType',
          required: true,
          values: ['Pod', 'Container', 'PersistentVolumeClaim'],
        },
        max: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        min: { id: 3, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        default: { id: 4, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        defaultRequest: { id: 5, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        maxLimitRequestRatio: { id: 6, type: 'map[string]quantity', goType: 'v1.ResourceList' },
      },
    },
    LimitRangeSpec: {
      fields: {
        limits: { id: 1, type: '[]LimitRangeItem', required: true, listType: 'atomic' },
      },
    },
    LinuxContainerUser: {
      fields: {
        uid: { id: 1, type: 'int64', required: true },
        gid: { id: 2, type: 'int64', required: true },
        supplementalGroups: { id: 3, type: '[]int64', listType: 'atomic' },
      },
    },
    List: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ListMeta' },
        items: { id: 2, type: '[]rawExtension', required: true },
      },
    },
    LoadBalancerIngress: {
      fields: {
        ip: { id: 1, type: 'string' },
        hostname: { id: 2, type: 'string' },
        ipMode: { id: 3, type: '*string', goType: 'v1.LoadBalancerIPMode', values: ['VIP', 'Proxy'] },
        ports: { id: 4, type: '[]PortStatus', listType: 'atomic' },
      },
    },
    LoadBalancerStatus: {
      fields: {
        ingress: { id: 1, type: '[]LoadBalancerIngress', listType: 'atomic' },
      },
    },
    LocalObjectReference: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string', default: '' },
      },
    },
    LocalVolumeSource: {
      fields: {
        path: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: '*string' },
      },
    },
    ModifyVolumeStatus: {
      fields: {
        targetVolumeAttributesClassName: { id: 1, type: 'string' },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.PersistentVolumeClaimModifyVolumeStatus',
          required: true,
          enum: ['InProgress', 'Infeasible', 'Pending'],
        },
      },
    },
    NFSVolumeSource: {
      fields: {
        server: { id: 1, type: 'string', required: true },
        path: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    Namespace: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'NamespaceSpec' },
        status: { id: 3, type: 'NamespaceStatus' },
      },
    },
    NamespaceCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.NamespaceConditionType',
          required: true,
          values: [
            'NamespaceDeletionDiscoveryFailure',
            'NamespaceDeletionContentFailure',
            'NamespaceDeletionGroupVersionParsingFailure',
            'NamespaceContentRemaining',
            'NamespaceFinalizersRemaining',
          ],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    NamespaceSpec: {
      fields: {
        finalizers: {
          id: 1,
          type: '[]string',
          goType: '[]v1.FinalizerName',
          values: ['kubernetes'],
          listType: 'atomic',
        },
      },
    },
    NamespaceStatus: {
      fields: {
        phase: { id: 1, type: 'string', goType: 'v1.NamespacePhase', enum: ['Active', 'Terminating'] },
        conditions: {
          id: 2,
          type: '[]NamespaceCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    Node: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'NodeSpec' },
        status: { id: 3, type: 'NodeStatus' },
      },
    },
    NodeAddress: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.NodeAddressType',
          required: true,
          values: ['Hostname', 'InternalIP', 'ExternalIP', 'InternalDNS', 'ExternalDNS'],
        },
        address: { id: 2, type: 'string', required: true },
      },
    },
    NodeAffinity: {
      fields: {
        requiredDuringSchedulingIgnoredDuringExecution: { id: 1, type: '*NodeSelector' },
        preferredDuringSchedulingIgnoredDuringExecution: {
          id: 2,
          type: '[]PreferredSchedulingTerm',
          listType: 'atomic',
        },
      },
    },
    NodeAllocatableResourceClaimStatus: {
      fields: {
        resourceClaimName: { id: 1, type: 'string', required: true },
        containers: { id: 2, type: '[]string', listType: 'set' },
        resources: {
          id: 3,
          type: 'map[string]quantity',
          goType: 'map[v1.ResourceName]resource.Quantity',
          required: true,
        },
      },
    },
    NodeCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.NodeConditionType',
          required: true,
          values: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastHeartbeatTime: { id: 3, type: 'time' },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    NodeConfigSource: {
      fields: {
        configMap: {
          id: 2,
          type: '*ConfigMapNodeConfigSource',
          rules: { deprecated: ['kind', 'apiVersion', 'configMapRef,protobuf=1'] },
        },
      },
    },
    NodeConfigStatus: {
      fields: {
        assigned: { id: 1, type: '*NodeConfigSource' },
        active: { id: 2, type: '*NodeConfigSource' },
        lastKnownGood: { id: 3, type: '*NodeConfigSource' },
        error: { id: 4, type: 'string' },
      },
    },
    NodeDaemonEndpoints: {
      fields: {
        kubeletEndpoint: { id: 1, type: 'DaemonEndpoint' },
      },
    },
    NodeFeatures: {
      fields: {
        supplementalGroupsPolicy: { id: 1, type: '*bool' },
      },
    },
    NodeProxyOptions: {
      kind: true,
      openapi: false,
      fields: {
        path: { id: 1, type: 'string' },
      },
    },
    NodeRuntimeHandler: {
      fields: {
        name: { id: 1, type: 'string', emit: 'always' },
        features: { id: 2, type: '*NodeRuntimeHandlerFeatures' },
      },
    },
    NodeRuntimeHandlerFeatures: {
      fields: {
        recursiveReadOnlyMounts: { id: 1, type: '*bool' },
        userNamespaces: { id: 2, type: '*bool' },
      },
    },
    NodeSelector: {
      mapType: 'atomic',
      fields: {
        nodeSelectorTerms: { id: 1, type: '[]NodeSelectorTerm', required: true, listType: 'atomic' },
      },
    },
    NodeSelectorRequirement: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.NodeSelectorOperator',
          required: true,
          enum: ['DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn'],
        },
        values: { id: 3, type: '[]string', listType: 'atomic' },
      },
    },
    NodeSelectorTerm: {
      mapType: 'atomic',
      fields: {
        matchExpressions: { id: 1, type: '[]NodeSelectorRequirement', listType: 'atomic' },
        matchFields: { id: 2, type: '[]NodeSelectorRequirement', listType: 'atomic' },
      },
    },
    NodeSpec: {
      fields: {
        podCIDR: { id: 1, type: 'string' },
        podCIDRs: { id: 7, type: '[]string', listType: 'set', patch: 'merge' },
        providerID: { id: 3, type: 'string' },
        unschedulable: { id: 4, type: 'bool' },
        taints: { id: 5, type: '[]Taint', listType: 'atomic' },
        configSource: { id: 6, type: '*NodeConfigSource' },
        externalID: { id: 2, type: 'string' },
      },
    },
    NodeStatus: {
      fields: {
        capacity: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        allocatable: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        phase: { id: 3, type: 'string', goType: 'v1.NodePhase', enum: ['Pending', 'Running', 'Terminated'] },
        conditions: {
          id: 4,
          type: '[]NodeCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
        addresses: { id: 5, type: '[]NodeAddress', listType: 'map', keys: ['type'], patch: 'merge', mergeKey: 'type' },
        daemonEndpoints: { id: 6, type: 'NodeDaemonEndpoints' },
        nodeInfo: { id: 7, type: 'NodeSystemInfo' },
        images: { id: 8, type: '[]ContainerImage', listType: 'atomic' },
        volumesInUse: { id: 9, type: '[]string', goType: '[]v1.UniqueVolumeName', listType: 'atomic' },
        volumesAttached: { id: 10, type: '[]AttachedVolume', listType: 'atomic' },
        config: { id: 11, type: '*NodeConfigStatus' },
        runtimeHandlers: { id: 12, type: '[]NodeRuntimeHandler', listType: 'atomic' },
        features: { id: 13, type: '*NodeFeatures', gate: 'SupplementalGroupsPolicy' },
        declaredFeatures: { id: 14, type: '[]string', listType: 'atomic', gate: 'NodeDeclaredFeatures' },
      },
    },
    NodeSwapStatus: {
      fields: {
        capacity: { id: 1, type: '*int64' },
      },
    },
    NodeSystemInfo: {
      fields: {
        machineID: { id: 1, type: 'string', required: true },
        systemUUID: { id: 2, type: 'string', required: true },
        bootID: { id: 3, type: 'string', required: true },
        kernelVersion: { id: 4, type: 'string', required: true },
        osImage: { id: 5, type: 'string', required: true },
        containerRuntimeVersion: { id: 6, type: 'string', required: true },
        kubeletVersion: { id: 7, type: 'string', required: true },
        kubeProxyVersion: { id: 8, type: 'string', required: true },
        operatingSystem: { id: 9, type: 'string', required: true },
        architecture: { id: 10, type: 'string', required: true },
        swap: { id: 11, type: '*NodeSwapStatus' },
      },
    },
    ObjectFieldSelector: {
      mapType: 'atomic',
      fields: {
        apiVersion: { id: 1, type: 'string' },
        fieldPath: { id: 2, type: 'string', required: true },
      },
    },
    ObjectReference: {
      mapType: 'atomic',
      fields: {
        kind: { id: 1, type: 'string' },
        namespace: { id: 2, type: 'string' },
        name: { id: 3, type: 'string' },
        uid: { id: 4, type: 'string', goType: 'types.UID' },
        apiVersion: { id: 5, type: 'string' },
        resourceVersion: { id: 6, type: 'string' },
        fieldPath: { id: 7, type: 'string' },
      },
    },
    PersistentVolume: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PersistentVolumeSpec' },
        status: { id: 3, type: 'PersistentVolumeStatus' },
      },
    },
    PersistentVolumeClaim: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PersistentVolumeClaimSpec' },
        status: { id: 3, type: 'PersistentVolumeClaimStatus' },
      },
    },
    PersistentVolumeClaimCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.PersistentVolumeClaimConditionType',
          required: true,
          values: [
            'Resizing',
            'FileSystemResizePending',
            'ControllerResizeError',
            'NodeResizeError',
            'ModifyVolumeError',
            'ModifyingVolume',
            'Unused',
          ],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastProbeTime: { id: 3, type: 'time' },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    PersistentVolumeClaimSpec: {
      fields: {
        accessModes: {
          id: 1,
          type: '[]string',
          goType: '[]v1.PersistentVolumeAccessMode',
          enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'],
          listType: 'atomic',
        },
        selector: { id: 4, type: '*meta/v1.LabelSelector' },
        resources: { id: 2, type: 'VolumeResourceRequirements' },
        volumeName: { id: 3, type: 'string' },
        storageClassName: { id: 5, type: '*string' },
        volumeMode: { id: 6, type: '*string', goType: 'v1.PersistentVolumeMode', enum: ['Block', 'Filesystem'] },
        dataSource: { id: 7, type: '*TypedLocalObjectReference' },
        dataSourceRef: { id: 8, type: '*TypedObjectReference' },
        volumeAttributesClassName: { id: 9, type: '*string', gate: 'VolumeAttributesClass' },
      },
    },
    PersistentVolumeClaimStatus: {
      fields: {
        phase: { id: 1, type: 'string', goType: 'v1.PersistentVolumeClaimPhase', enum: ['Bound', 'Lost', 'Pending'] },
        accessModes: {
          id: 2,
          type: '[]string',
          goType: '[]v1.PersistentVolumeAccessMode',
          enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'],
          listType: 'atomic',
        },
        capacity: { id: 3, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        conditions: {
          id: 4,
          type: '[]PersistentVolumeClaimCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
        allocatedResources: { id: 5, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        allocatedResourceStatuses: {
          id: 7,
          type: 'map[string]string',
          goType: 'map[v1.ResourceName]v1.ClaimResourceStatus',
          enum: [
            'ControllerResizeInProgress',
            'ControllerResizeInfeasible',
            'NodeResizeInProgress',
            'NodeResizeInfeasible',
            'NodeResizePending',
          ],
          mapType: 'granular',
        },
        currentVolumeAttributesClassName: { id: 8, type: '*string', gate: 'VolumeAttributesClass' },
        modifyVolumeStatus: { id: 9, type: '*ModifyVolumeStatus', gate: 'VolumeAttributesClass' },
      },
    },
    PersistentVolumeClaimTemplate: {
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PersistentVolumeClaimSpec', required: true },
      },
    },
    PersistentVolumeClaimVolumeSource: {
      fields: {
        claimName: { id: 1, type: 'string', required: true },
        readOnly: { id: 2, type: 'bool' },
      },
    },
    PersistentVolumeSource: {
      openapi: false,
      fields: {
        gcePersistentDisk: { id: 1, type: '*GCEPersistentDiskVolumeSource' },
        awsElasticBlockStore: { id: 2, type: '*AWSElasticBlockStoreVolumeSource' },
        hostPath: { id: 3, type: '*HostPathVolumeSource' },
        glusterfs: { id: 4, type: '*GlusterfsPersistentVolumeSource' },
        nfs: { id: 5, type: '*NFSVolumeSource' },
        rbd: { id: 6, type: '*RBDPersistentVolumeSource' },
        iscsi: { id: 7, type: '*ISCSIPersistentVolumeSource' },
        cinder: { id: 8, type: '*CinderPersistentVolumeSource' },
        cephfs: { id: 9, type: '*CephFSPersistentVolumeSource' },
        fc: { id: 10, type: '*FCVolumeSource' },
        flocker: { id: 11, type: '*FlockerVolumeSource' },
        flexVolume: { id: 12, type: '*FlexPersistentVolumeSource' },
        azureFile: { id: 13, type: '*AzureFilePersistentVolumeSource' },
        vsphereVolume: { id: 14, type: '*VsphereVirtualDiskVolumeSource' },
        quobyte: { id: 15, type: '*QuobyteVolumeSource' },
        azureDisk: { id: 16, type: '*AzureDiskVolumeSource' },
        photonPersistentDisk: { id: 17, type: '*PhotonPersistentDiskVolumeSource' },
        portworxVolume: { id: 18, type: '*PortworxVolumeSource' },
        scaleIO: { id: 19, type: '*ScaleIOPersistentVolumeSource' },
        local: { id: 20, type: '*LocalVolumeSource' },
        storageos: { id: 21, type: '*StorageOSPersistentVolumeSource' },
        csi: { id: 22, type: '*CSIPersistentVolumeSource' },
      },
    },
    PersistentVolumeSpec: {
      fields: {
        capacity: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        '...PersistentVolumeSource': { id: 2 },
        accessModes: {
          id: 3,
          type: '[]string',
          goType: '[]v1.PersistentVolumeAccessMode',
          enum: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'],
          listType: 'atomic',
        },
        claimRef: { id: 4, type: '*ObjectReference', mapType: 'granular' },
        persistentVolumeReclaimPolicy: {
          id: 5,
          type: 'string',
          goType: 'v1.PersistentVolumeReclaimPolicy',
          enum: ['Delete', 'Recycle', 'Retain'],
        },
        storageClassName: { id: 6, type: 'string' },
        mountOptions: { id: 7, type: '[]string', listType: 'atomic' },
        volumeMode: { id: 8, type: '*string', goType: 'v1.PersistentVolumeMode', enum: ['Block', 'Filesystem'] },
        nodeAffinity: { id: 9, type: '*VolumeNodeAffinity' },
        volumeAttributesClassName: { id: 10, type: '*string', gate: 'VolumeAttributesClass' },
      },
    },
    PersistentVolumeStatus: {
      fields: {
        phase: {
          id: 1,
          type: 'string',
          goType: 'v1.PersistentVolumePhase',
          enum: ['Available', 'Bound', 'Failed', 'Pending', 'Released'],
        },
        message: { id: 2, type: 'string' },
        reason: { id: 3, type: 'string' },
        lastPhaseTransitionTime: { id: 4, type: '*time' },
      },
    },
    PhotonPersistentDiskVolumeSource: {
      fields: {
        pdID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
      },
    },
    Pod: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PodSpec' },
        status: { id: 3, type: 'PodStatus' },
      },
    },
    PodAffinity: {
      fields: {
        requiredDuringSchedulingIgnoredDuringExecution: { id: 1, type: '[]PodAffinityTerm', listType: 'atomic' },
        preferredDuringSchedulingIgnoredDuringExecution: {
          id: 2,
          type: '[]WeightedPodAffinityTerm',
          listType: 'atomic',
        },
      },
    },
    PodAffinityTerm: {
      fields: {
        labelSelector: { id: 1, type: '*meta/v1.LabelSelector' },
        namespaces: { id: 2, type: '[]string', listType: 'atomic' },
        topologyKey: { id: 3, type: 'string', required: true },
        namespaceSelector: { id: 4, type: '*meta/v1.LabelSelector' },
        matchLabelKeys: { id: 5, type: '[]string', listType: 'atomic' },
        mismatchLabelKeys: { id: 6, type: '[]string', listType: 'atomic' },
      },
    },
    PodAntiAffinity: {
      fields: {
        requiredDuringSchedulingIgnoredDuringExecution: { id: 1, type: '[]PodAffinityTerm', listType: 'atomic' },
        preferredDuringSchedulingIgnoredDuringExecution: {
          id: 2,
          type: '[]WeightedPodAffinityTerm',
          listType: 'atomic',
        },
      },
    },
    PodAttachOptions: {
      kind: true,
      openapi: false,
      fields: {
        stdin: { id: 1, type: 'bool' },
        stdout: { id: 2, type: 'bool' },
        stderr: { id: 3, type: 'bool' },
        tty: { id: 4, type: 'bool' },
        container: { id: 5, type: 'string' },
      },
    },
    PodCertificateProjection: {
      fields: {
        signerName: { id: 1, type: 'string', required: true, emit: 'nonEmpty' },
        keyType: { id: 2, type: 'string', required: true, emit: 'nonEmpty' },
        maxExpirationSeconds: { id: 3, type: '*int32' },
        credentialBundlePath: { id: 4, type: 'string' },
        keyPath: { id: 5, type: 'string' },
        certificateChainPath: { id: 6, type: 'string' },
        userAnnotations: { id: 7, type: 'map[string]string' },
      },
    },
    PodCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.PodConditionType',
          required: true,
          values: [
            'ContainersReady',
            'Initialized',
            'Ready',
            'PodScheduled',
            'DisruptionTarget',
            'PodReadyToStartContainers',
            'PodResizePending',
            'PodResizeInProgress',
            'AllContainersRestarting',
          ],
        },
        observedGeneration: { id: 7, type: 'int64' },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastProbeTime: { id: 3, type: 'time' },
        lastTransitionTime: { id: 4, type: 'time' },
        reason: { id: 5, type: 'string' },
        message: { id: 6, type: 'string' },
      },
    },
    PodDNSConfig: {
      fields: {
        nameservers: { id: 1, type: '[]string', listType: 'atomic' },
        searches: { id: 2, type: '[]string', listType: 'atomic' },
        options: { id: 3, type: '[]PodDNSConfigOption', listType: 'atomic' },
      },
    },
    PodDNSConfigOption: {
      fields: {
        name: { id: 1, type: 'string' },
        value: { id: 2, type: '*string' },
      },
    },
    PodExecOptions: {
      kind: true,
      openapi: false,
      fields: {
        stdin: { id: 1, type: 'bool' },
        stdout: { id: 2, type: 'bool' },
        stderr: { id: 3, type: 'bool' },
        tty: { id: 4, type: 'bool' },
        container: { id: 5, type: 'string' },
        command: { id: 6, type: '[]string', required: true, listType: 'atomic' },
      },
    },
    PodExtendedResourceClaimStatus: {
      fields: {
        requestMappings: { id: 1, type: '[]ContainerExtendedResourceRequest', required: true, listType: 'atomic' },
        resourceClaimName: { id: 2, type: 'string', required: true },
      },
    },
    PodIP: {
      fields: {
        ip: { id: 1, type: 'string', required: true },
      },
    },
    PodLogOptions: {
      kind: true,
      openapi: false,
      fields: {
        container: { id: 1, type: 'string' },
        follow: { id: 2, type: 'bool' },
        previous: { id: 3, type: 'bool' },
        sinceSeconds: { id: 4, type: '*int64' },
        sinceTime: { id: 5, type: '*time' },
        timestamps: { id: 6, type: 'bool' },
        tailLines: { id: 7, type: '*int64' },
        limitBytes: { id: 8, type: '*int64' },
        insecureSkipTLSVerifyBackend: { id: 9, type: 'bool' },
        stream: { id: 10, type: '*string', gate: 'PodLogsQuerySplitStreams' },
      },
    },
    PodOS: {
      fields: {
        name: { id: 1, type: 'string', goType: 'v1.OSName', required: true, values: ['linux', 'windows'] },
      },
    },
    PodPortForwardOptions: {
      kind: true,
      openapi: false,
      fields: {
        ports: { id: 1, type: '[]int32', listType: 'atomic' },
      },
    },
    PodProxyOptions: {
      kind: true,
      openapi: false,
      fields: {
        path: { id: 1, type: 'string' },
      },
    },
    PodReadinessGate: {
      fields: {
        conditionType: {
          id: 1,
          type: 'string',
          goType: 'v1.PodConditionType',
          required: true,
          values: [
            'ContainersReady',
            'Initialized',
            'Ready',
            'PodScheduled',
            'DisruptionTarget',
            'PodReadyToStartContainers',
            'PodResizePending',
            'PodResizeInProgress',
            'AllContainersRestarting',
          ],
        },
      },
    },
    PodResourceClaim: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        resourceClaimName: { id: 3, type: '*string' },
        resourceClaimTemplateName: { id: 4, type: '*string' },
      },
    },
    PodResourceClaimStatus: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        resourceClaimName: { id: 2, type: '*string' },
      },
    },
    PodSchedulingGate: {
      fields: {
        name: { id: 1, type: 'string', required: true },
      },
    },
    PodSchedulingGroup: {
      unions: [{ members: { podGroupName: 'PodGroupName' } }],
      fields: {
        podGroupName: { id: 1, type: '*string', oneOf: 'GroupSelection' },
      },
    },
    PodSecurityContext: {
      fields: {
        seLinuxOptions: { id: 1, type: '*SELinuxOptions' },
        windowsOptions: { id: 8, type: '*WindowsSecurityContextOptions' },
        runAsUser: { id: 2, type: '*int64' },
        runAsGroup: { id: 6, type: '*int64' },
        runAsNonRoot: { id: 3, type: '*bool' },
        supplementalGroups: { id: 4, type: '[]int64', listType: 'atomic' },
        supplementalGroupsPolicy: {
          id: 12,
          type: '*string',
          goType: 'v1.SupplementalGroupsPolicy',
          enum: ['Merge', 'Strict'],
          gate: 'SupplementalGroupsPolicy',
        },
        fsGroup: { id: 5, type: '*int64' },
        sysctls: { id: 7, type: '[]Sysctl', listType: 'atomic' },
        fsGroupChangePolicy: {
          id: 9,
          type: '*string',
          goType: 'v1.PodFSGroupChangePolicy',
          enum: ['Always', 'OnRootMismatch'],
        },
        seccompProfile: { id: 10, type: '*SeccompProfile' },
        appArmorProfile: { id: 11, type: '*AppArmorProfile' },
        seLinuxChangePolicy: {
          id: 13,
          type: '*string',
          goType: 'v1.PodSELinuxChangePolicy',
          values: ['Recursive', 'MountOption'],
          gate: 'SELinuxChangePolicy',
        },
      },
    },
    PodSignature: {
      openapi: false,
      fields: {
        podController: { id: 1, type: '*meta/v1.OwnerReference' },
      },
    },
    PodSpec: {
      fields: {
        volumes: {
          id: 1,
          type: '[]Volume',
          listType: 'map',
          keys: ['name'],
          patch: 'merge,retainKeys',
          mergeKey: 'name',
        },
        initContainers: {
          id: 20,
          type: '[]Container',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        containers: {
          id: 2,
          type: '[]Container',
          required: true,
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        ephemeralContainers: {
          id: 34,
          type: '[]EphemeralContainer',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        restartPolicy: { id: 3, type: 'string', goType: 'v1.RestartPolicy', enum: ['Always', 'Never', 'OnFailure'] },
        terminationGracePeriodSeconds: { id: 4, type: '*int64' },
        activeDeadlineSeconds: { id: 5, type: '*int64' },
        dnsPolicy: {
          id: 6,
          type: 'string',
          goType: 'v1.DNSPolicy',
          enum: ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
        },
        nodeSelector: { id: 7, type: 'map[string]string', mapType: 'atomic' },
        serviceAccountName: { id: 8, type: 'string' },
        serviceAccount: { id: 9, type: 'string' },
        automountServiceAccountToken: { id: 21, type: '*bool' },
        nodeName: { id: 10, type: 'string' },
        hostNetwork: { id: 11, type: 'bool' },
        hostPID: { id: 12, type: 'bool' },
        hostIPC: { id: 13, type: 'bool' },
        shareProcessNamespace: { id: 27, type: '*bool' },
        securityContext: { id: 14, type: '*PodSecurityContext' },
        imagePullSecrets: {
          id: 15,
          type: '[]LocalObjectReference',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        hostname: { id: 16, type: 'string' },
        subdomain: { id: 17, type: 'string' },
        affinity: { id: 18, type: '*Affinity' },
        schedulerName: { id: 19, type: 'string' },
        tolerations: { id: 22, type: '[]Toleration', listType: 'atomic' },
        hostAliases: { id: 23, type: '[]HostAlias', listType: 'map', keys: ['ip'], patch: 'merge', mergeKey: 'ip' },
        priorityClassName: { id: 24, type: 'string' },
        priority: { id: 25, type: '*int32' },
        dnsConfig: { id: 26, type: '*PodDNSConfig' },
        readinessGates: { id: 28, type: '[]PodReadinessGate', listType: 'atomic' },
        runtimeClassName: { id: 29, type: '*string' },
        enableServiceLinks: { id: 30, type: '*bool' },
        preemptionPolicy: {
          id: 31,
          type: '*string',
          goType: 'v1.PreemptionPolicy',
          enum: ['Never', 'PreemptLowerPriority'],
        },
        overhead: { id: 32, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        topologySpreadConstraints: {
          id: 33,
          type: '[]TopologySpreadConstraint',
          listType: 'map',
          keys: ['topologyKey', 'whenUnsatisfiable'],
          patch: 'merge',
          mergeKey: 'topologyKey',
        },
        setHostnameAsFQDN: { id: 35, type: '*bool' },
        os: { id: 36, type: '*PodOS' },
        hostUsers: { id: 37, type: '*bool' },
        schedulingGates: {
          id: 38,
          type: '[]PodSchedulingGate',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        resourceClaims: {
          id: 39,
          type: '[]PodResourceClaim',
          listType: 'map',
          keys: ['name'],
          patch: 'merge,retainKeys',
          mergeKey: 'name',
          gate: 'DynamicResourceAllocation',
        },
        resources: { id: 40, type: '*ResourceRequirements', gate: 'PodLevelResources' },
        hostnameOverride: { id: 41, type: '*string', gate: 'HostnameOverride' },
        schedulingGroup: { id: 43, type: '*PodSchedulingGroup', gate: 'GenericWorkload' },
      },
    },
    PodStatus: {
      fields: {
        observedGeneration: { id: 17, type: 'int64' },
        phase: {
          id: 1,
          type: 'string',
          goType: 'v1.PodPhase',
          enum: ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'],
        },
        conditions: {
          id: 2,
          type: '[]PodCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
        message: { id: 3, type: 'string' },
        reason: { id: 4, type: 'string' },
        nominatedNodeName: { id: 11, type: 'string' },
        hostIP: { id: 5, type: 'string' },
        hostIPs: { id: 16, type: '[]HostIP', listType: 'atomic', patch: 'merge', mergeKey: 'ip' },
        podIP: { id: 6, type: 'string' },
        podIPs: { id: 12, type: '[]PodIP', listType: 'map', keys: ['ip'], patch: 'merge', mergeKey: 'ip' },
        startTime: { id: 7, type: '*time' },
        initContainerStatuses: { id: 10, type: '[]ContainerStatus', listType: 'atomic' },
        containerStatuses: { id: 8, type: '[]ContainerStatus', listType: 'atomic' },
        qosClass: { id: 9, type: 'string', goType: 'v1.PodQOSClass', enum: ['BestEffort', 'Burstable', 'Guaranteed'] },
        ephemeralContainerStatuses: { id: 13, type: '[]ContainerStatus', listType: 'atomic' },
        resize: {
          id: 14,
          type: 'string',
          goType: 'v1.PodResizeStatus',
          values: ['InProgress', 'Deferred', 'Infeasible'],
          gate: 'InPlacePodVerticalScaling',
        },
        resourceClaimStatuses: {
          id: 15,
          type: '[]PodResourceClaimStatus',
          listType: 'map',
          keys: ['name'],
          patch: 'merge,retainKeys',
          mergeKey: 'name',
          gate: 'DynamicResourceAllocation',
        },
        extendedResourceClaimStatus: { id: 18, type: '*PodExtendedResourceClaimStatus', gate: 'DRAExtendedResource' },
        allocatedResources: {
          id: 19,
          type: 'map[string]quantity',
          goType: 'v1.ResourceList',
          gate: 'InPlacePodLevelResourcesVerticalScaling',
        },
        resources: { id: 20, type: '*ResourceRequirements', gate: 'InPlacePodLevelResourcesVerticalScaling' },
        nodeAllocatableResourceClaimStatuses: {
          id: 21,
          type: '[]NodeAllocatableResourceClaimStatus',
          listType: 'atomic',
          gate: 'DRANodeAllocatableResources',
        },
      },
    },
    PodStatusResult: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        status: { id: 2, type: 'PodStatus' },
      },
    },
    PodTemplate: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        template: { id: 2, type: 'PodTemplateSpec' },
      },
    },
    PodTemplateSpec: {
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'PodSpec' },
      },
    },
    PortStatus: {
      fields: {
        port: { id: 1, type: 'int32', required: true },
        protocol: { id: 2, type: 'string', goType: 'v1.Protocol', required: true, enum: ['SCTP', 'TCP', 'UDP'] },
        error: { id: 3, type: '*string' },
      },
    },
    PortworxVolumeSource: {
      fields: {
        volumeID: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        readOnly: { id: 3, type: 'bool' },
      },
    },
    Preconditions: {
      openapi: false,
      fields: {
        uid: { id: 1, type: '*string' },
      },
    },
    PreferAvoidPodsEntry: {
      openapi: false,
      fields: {
        podSignature: { id: 1, type: 'PodSignature', required: true },
        evictionTime: { id: 2, type: 'time' },
        reason: { id: 3, type: 'string' },
        message: { id: 4, type: 'string' },
      },
    },
    PreferredSchedulingTerm: {
      fields: {
        weight: { id: 1, type: 'int32', required: true },
        preference: { id: 2, type: 'NodeSelectorTerm', required: true },
      },
    },
    Probe: {
      fields: {
        '...ProbeHandler': { id: 1 },
        initialDelaySeconds: { id: 2, type: 'int32' },
        timeoutSeconds: { id: 3, type: 'int32' },
        periodSeconds: { id: 4, type: 'int32' },
        successThreshold: { id: 5, type: 'int32' },
        failureThreshold: { id: 6, type: 'int32' },
        terminationGracePeriodSeconds: { id: 7, type: '*int64' },
      },
    },
    ProbeHandler: {
      openapi: false,
      fields: {
        exec: { id: 1, type: '*ExecAction' },
        httpGet: { id: 2, type: '*HTTPGetAction' },
        tcpSocket: { id: 3, type: '*TCPSocketAction' },
        grpc: { id: 4, type: '*GRPCAction' },
      },
    },
    ProjectedVolumeSource: {
      fields: {
        sources: { id: 1, type: '[]VolumeProjection', emit: 'always', listType: 'atomic' },
        defaultMode: { id: 2, type: '*int32' },
      },
    },
    QuobyteVolumeSource: {
      fields: {
        registry: { id: 1, type: 'string', required: true },
        volume: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        user: { id: 4, type: 'string' },
        group: { id: 5, type: 'string' },
        tenant: { id: 6, type: 'string' },
      },
    },
    RBDPersistentVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        image: { id: 2, type: 'string', required: true },
        fsType: { id: 3, type: 'string' },
        pool: { id: 4, type: 'string', default: 'rbd' },
        user: { id: 5, type: 'string', default: 'admin' },
        keyring: { id: 6, type: 'string', default: '/etc/ceph/keyring' },
        secretRef: { id: 7, type: '*SecretReference' },
        readOnly: { id: 8, type: 'bool' },
      },
    },
    RBDVolumeSource: {
      fields: {
        monitors: { id: 1, type: '[]string', required: true, listType: 'atomic' },
        image: { id: 2, type: 'string', required: true },
        fsType: { id: 3, type: 'string' },
        pool: { id: 4, type: 'string', default: 'rbd' },
        user: { id: 5, type: 'string', default: 'admin' },
        keyring: { id: 6, type: 'string', default: '/etc/ceph/keyring' },
        secretRef: { id: 7, type: '*LocalObjectReference' },
        readOnly: { id: 8, type: 'bool' },
      },
    },
    RangeAllocation: {
      kind: true,
      openapi: false,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        range: { id: 2, type: 'string', required: true },
        data: { id: 3, type: 'bytes', required: true },
      },
    },
    ReplicationController: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ReplicationControllerSpec' },
        status: { id: 3, type: 'ReplicationControllerStatus' },
      },
    },
    ReplicationControllerCondition: {
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.ReplicationControllerConditionType',
          required: true,
          values: ['ReplicaFailure'],
        },
        status: {
          id: 2,
          type: 'string',
          goType: 'v1.ConditionStatus',
          required: true,
          values: ['True', 'False', 'Unknown'],
        },
        lastTransitionTime: { id: 3, type: 'time' },
        reason: { id: 4, type: 'string' },
        message: { id: 5, type: 'string' },
      },
    },
    ReplicationControllerSpec: {
      fields: {
        replicas: { id: 1, type: '*int32', default: 1, rules: { optional: true, minimum: '0' } },
        minReadySeconds: { id: 4, type: 'int32', default: 0, rules: { optional: true, minimum: '0' } },
        selector: { id: 2, type: 'map[string]string', mapType: 'atomic' },
        template: { id: 3, type: '*PodTemplateSpec' },
      },
    },
    ReplicationControllerStatus: {
      fields: {
        replicas: { id: 1, type: 'int32', required: true },
        fullyLabeledReplicas: { id: 2, type: 'int32' },
        readyReplicas: { id: 4, type: 'int32' },
        availableReplicas: { id: 5, type: 'int32' },
        observedGeneration: { id: 3, type: 'int64' },
        conditions: {
          id: 6,
          type: '[]ReplicationControllerCondition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    ResourceClaim: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        request: { id: 2, type: 'string' },
      },
    },
    ResourceFieldSelector: {
      mapType: 'atomic',
      fields: {
        containerName: { id: 1, type: 'string' },
        resource: { id: 2, type: 'string', required: true },
        divisor: { id: 3, type: 'quantity' },
      },
    },
    ResourceHealth: {
      fields: {
        resourceID: { id: 1, type: 'string', goType: 'v1.ResourceID', required: true },
        health: {
          id: 2,
          type: 'string',
          goType: 'v1.ResourceHealthStatus',
          values: ['Healthy', 'Unhealthy', 'Unknown'],
        },
        message: { id: 6, type: '*string', gate: 'ResourceHealthStatusMessage' },
      },
    },
    ResourceQuota: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ResourceQuotaSpec' },
        status: { id: 3, type: 'ResourceQuotaStatus' },
      },
    },
    ResourceQuotaSpec: {
      fields: {
        hard: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        scopes: {
          id: 2,
          type: '[]string',
          goType: '[]v1.ResourceQuotaScope',
          enum: [
            'BestEffort',
            'CrossNamespacePodAffinity',
            'NotBestEffort',
            'NotTerminating',
            'PriorityClass',
            'Terminating',
            'VolumeAttributesClass',
          ],
          listType: 'atomic',
        },
        scopeSelector: { id: 3, type: '*ScopeSelector' },
      },
    },
    ResourceQuotaStatus: {
      fields: {
        hard: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        used: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
      },
    },
    ResourceRequirements: {
      fields: {
        limits: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        requests: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        claims: { id: 3, type: '[]ResourceClaim', listType: 'map', keys: ['name'], gate: 'DynamicResourceAllocation' },
      },
    },
    ResourceStatus: {
      fields: {
        name: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceName',
          required: true,
          values: [
            'cpu',
            'memory',
            'storage',
            'ephemeral-storage',
            'pods',
            'services',
            'replicationcontrollers',
            'resourcequotas',
            'secrets',
            'configmaps',
            'persistentvolumeclaims',
            'services.nodeports',
            'services.loadbalancers',
            'requests.cpu',
            'requests.memory',
            'requests.storage',
            'requests.ephemeral-storage',
            'limits.cpu',
            'limits.memory',
            'limits.ephemeral-storage',
          ],
        },
        resources: { id: 2, type: '[]ResourceHealth', listType: 'map', keys: ['resourceID'] },
      },
    },
    SELinuxOptions: {
      fields: {
        user: { id: 1, type: 'string' },
        role: { id: 2, type: 'string' },
        type: { id: 3, type: 'string' },
        level: { id: 4, type: 'string' },
      },
    },
    ScaleIOPersistentVolumeSource: {
      fields: {
        gateway: { id: 1, type: 'string', required: true },
        system: { id: 2, type: 'string', required: true },
        secretRef: { id: 3, type: '*SecretReference', required: true },
        sslEnabled: { id: 4, type: 'bool' },
        protectionDomain: { id: 5, type: 'string' },
        storagePool: { id: 6, type: 'string' },
        storageMode: { id: 7, type: 'string', default: 'ThinProvisioned' },
        volumeName: { id: 8, type: 'string' },
        fsType: { id: 9, type: 'string', default: 'xfs' },
        readOnly: { id: 10, type: 'bool' },
      },
    },
    ScaleIOVolumeSource: {
      fields: {
        gateway: { id: 1, type: 'string', required: true },
        system: { id: 2, type: 'string', required: true },
        secretRef: { id: 3, type: '*LocalObjectReference', required: true },
        sslEnabled: { id: 4, type: 'bool' },
        protectionDomain: { id: 5, type: 'string' },
        storagePool: { id: 6, type: 'string' },
        storageMode: { id: 7, type: 'string', default: 'ThinProvisioned' },
        volumeName: { id: 8, type: 'string' },
        fsType: { id: 9, type: 'string', default: 'xfs' },
        readOnly: { id: 10, type: 'bool' },
      },
    },
    ScopeSelector: {
      mapType: 'atomic',
      fields: {
        matchExpressions: { id: 1, type: '[]ScopedResourceSelectorRequirement', listType: 'atomic' },
      },
    },
    ScopedResourceSelectorRequirement: {
      fields: {
        scopeName: {
          id: 1,
          type: 'string',
          goType: 'v1.ResourceQuotaScope',
          required: true,
          enum: [
            'BestEffort',
            'CrossNamespacePodAffinity',
            'NotBestEffort',
            'NotTerminating',
            'PriorityClass',
            'Terminating',
            'VolumeAttributesClass',
          ],
        },
        operator: {
          id: 2,
          type: 'string',
          goType: 'v1.ScopeSelectorOperator',
          required: true,
          enum: ['DoesNotExist', 'Exists', 'In', 'NotIn'],
        },
        values: { id: 3, type: '[]string', listType: 'atomic' },
      },
    },
    SeccompProfile: {
      unions: [{ discriminator: 'type', members: { localhostProfile: 'LocalhostProfile' } }],
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.SeccompProfileType',
          required: true,
          enum: ['Localhost', 'RuntimeDefault', 'Unconfined'],
          discriminator: true,
        },
        localhostProfile: { id: 2, type: '*string' },
      },
    },
    Secret: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        immutable: { id: 5, type: '*bool' },
        data: { id: 2, type: 'map[string]bytes' },
        stringData: { id: 4, type: 'map[string]string' },
        type: {
          id: 3,
          type: 'string',
          goType: 'v1.SecretType',
          values: [
            'Opaque',
            'kubernetes.io/service-account-token',
            'kubernetes.io/dockercfg',
            'kubernetes.io/dockerconfigjson',
            'kubernetes.io/basic-auth',
            'kubernetes.io/ssh-auth',
            'kubernetes.io/tls',
            'bootstrap.kubernetes.io/token',
          ],
        },
      },
    },
    SecretEnvSource: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        optional: { id: 2, type: '*bool' },
      },
    },
    SecretKeySelector: {
      mapType: 'atomic',
      fields: {
        '...LocalObjectReference': { id: 1 },
        key: { id: 2, type: 'string', required: true },
        optional: { id: 3, type: '*bool' },
      },
    },
    SecretProjection: {
      fields: {
        '...LocalObjectReference': { id: 1 },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        optional: { id: 4, type: '*bool' },
      },
    },
    SecretReference: {
      mapType: 'atomic',
      fields: {
        name: { id: 1, type: 'string' },
        namespace: { id: 2, type: 'string' },
      },
    },
    SecretVolumeSource: {
      fields: {
        secretName: { id: 1, type: 'string' },
        items: { id: 2, type: '[]KeyToPath', listType: 'atomic' },
        defaultMode: { id: 3, type: '*int32' },
        optional: { id: 4, type: '*bool' },
      },
    },
    SecurityContext: {
      fields: {
        capabilities: { id: 1, type: '*Capabilities' },
        privileged: { id: 2, type: '*bool' },
        seLinuxOptions: { id: 3, type: '*SELinuxOptions' },
        windowsOptions: { id: 10, type: '*WindowsSecurityContextOptions' },
        runAsUser: { id: 4, type: '*int64' },
        runAsGroup: { id: 8, type: '*int64' },
        runAsNonRoot: { id: 5, type: '*bool' },
        readOnlyRootFilesystem: { id: 6, type: '*bool' },
        allowPrivilegeEscalation: { id: 7, type: '*bool' },
        procMount: { id: 9, type: '*string', goType: 'v1.ProcMountType', enum: ['Default', 'Unmasked'] },
        seccompProfile: { id: 11, type: '*SeccompProfile' },
        appArmorProfile: { id: 12, type: '*AppArmorProfile' },
      },
    },
    SerializedReference: {
      kind: true,
      openapi: false,
      fields: {
        reference: { id: 1, type: 'ObjectReference' },
      },
    },
    Service: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        spec: { id: 2, type: 'ServiceSpec' },
        status: { id: 3, type: 'ServiceStatus' },
      },
    },
    ServiceAccount: {
      kind: true,
      fields: {
        metadata: { id: 1, type: 'meta/v1.ObjectMeta' },
        secrets: {
          id: 2,
          type: '[]ObjectReference',
          listType: 'map',
          keys: ['name'],
          patch: 'merge',
          mergeKey: 'name',
        },
        imagePullSecrets: { id: 3, type: '[]LocalObjectReference', listType: 'atomic' },
        automountServiceAccountToken: { id: 4, type: '*bool' },
      },
    },
    ServiceAccountTokenProjection: {
      fields: {
        audience: { id: 1, type: 'string' },
        expirationSeconds: { id: 2, type: '*int64' },
        path: { id: 3, type: 'string', required: true },
      },
    },
    ServicePort: {
      fields: {
        name: { id: 1, type: 'string' },
        protocol: { id: 2, type: 'string', goType: 'v1.Protocol', default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'] },
        appProtocol: { id: 6, type: '*string' },
        port: { id: 3, type: 'int32', required: true },
        targetPort: { id: 4, type: 'intOrString' },
        nodePort: { id: 5, type: 'int32' },
      },
    },
    ServiceProxyOptions: {
      kind: true,
      openapi: false,
      fields: {
        path: { id: 1, type: 'string' },
      },
    },
    ServiceSpec: {
      fields: {
        ports: {
          id: 1,
          type: '[]ServicePort',
          listType: 'map',
          keys: ['port', 'protocol'],
          patch: 'merge',
          mergeKey: 'port',
        },
        selector: { id: 2, type: 'map[string]string', mapType: 'atomic' },
        clusterIP: { id: 3, type: 'string' },
        clusterIPs: { id: 18, type: '[]string', listType: 'atomic' },
        type: {
          id: 4,
          type: 'string',
          goType: 'v1.ServiceType',
          enum: ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
        },
        externalIPs: { id: 5, type: '[]string', listType: 'atomic' },
        sessionAffinity: { id: 7, type: 'string', goType: 'v1.ServiceAffinity', enum: ['ClientIP', 'None'] },
        loadBalancerIP: { id: 8, type: 'string' },
        loadBalancerSourceRanges: { id: 9, type: '[]string', listType: 'atomic' },
        externalName: { id: 10, type: 'string' },
        externalTrafficPolicy: {
          id: 11,
          type: 'string',
          goType: 'v1.ServiceExternalTrafficPolicy',
          enum: ['Cluster', 'Local'],
        },
        healthCheckNodePort: { id: 12, type: 'int32' },
        publishNotReadyAddresses: { id: 13, type: 'bool' },
        sessionAffinityConfig: { id: 14, type: '*SessionAffinityConfig' },
        ipFamilies: {
          id: 19,
          type: '[]string',
          goType: '[]v1.IPFamily',
          enum: ['', 'IPv4', 'IPv6'],
          listType: 'atomic',
        },
        ipFamilyPolicy: {
          id: 17,
          type: '*string',
          goType: 'v1.IPFamilyPolicy',
          enum: ['PreferDualStack', 'RequireDualStack', 'SingleStack'],
        },
        allocateLoadBalancerNodePorts: { id: 20, type: '*bool' },
        loadBalancerClass: { id: 21, type: '*string' },
        internalTrafficPolicy: {
          id: 22,
          type: '*string',
          goType: 'v1.ServiceInternalTrafficPolicy',
          enum: ['Cluster', 'Local'],
        },
        trafficDistribution: { id: 23, type: '*string' },
      },
    },
    ServiceStatus: {
      fields: {
        loadBalancer: { id: 1, type: 'LoadBalancerStatus' },
        conditions: {
          id: 2,
          type: '[]meta/v1.Condition',
          listType: 'map',
          keys: ['type'],
          patch: 'merge',
          mergeKey: 'type',
        },
      },
    },
    SessionAffinityConfig: {
      fields: {
        clientIP: { id: 1, type: '*ClientIPConfig' },
      },
    },
    SleepAction: {
      fields: {
        seconds: { id: 1, type: 'int64', required: true },
      },
    },
    StorageOSPersistentVolumeSource: {
      fields: {
        volumeName: { id: 1, type: 'string' },
        volumeNamespace: { id: 2, type: 'string' },
        fsType: { id: 3, type: 'string' },
        readOnly: { id: 4, type: 'bool' },
        secretRef: { id: 5, type: '*ObjectReference' },
      },
    },
    StorageOSVolumeSource: {
      fields: {
        volumeName: { id: 1, type: 'string' },
        volumeNamespace: { id: 2, type: 'string' },
        fsType: { id: 3, type: 'string' },
        readOnly: { id: 4, type: 'bool' },
        secretRef: { id: 5, type: '*LocalObjectReference' },
      },
    },
    Sysctl: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        value: { id: 2, type: 'string', required: true },
      },
    },
    TCPSocketAction: {
      fields: {
        port: { id: 1, type: 'intOrString', required: true },
        host: { id: 2, type: 'string' },
      },
    },
    Taint: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        value: { id: 2, type: 'string' },
        effect: {
          id: 3,
          type: 'string',
          goType: 'v1.TaintEffect',
          required: true,
          enum: ['NoExecute', 'NoSchedule', 'PreferNoSchedule'],
        },
        timeAdded: { id: 4, type: '*time' },
      },
    },
    Toleration: {
      fields: {
        key: { id: 1, type: 'string' },
        operator: { id: 2, type: 'string', goType: 'v1.TolerationOperator', enum: ['Equal', 'Exists', 'Gt', 'Lt'] },
        value: { id: 3, type: 'string' },
        effect: {
          id: 4,
          type: 'string',
          goType: 'v1.TaintEffect',
          enum: ['NoExecute', 'NoSchedule', 'PreferNoSchedule'],
        },
        tolerationSeconds: { id: 5, type: '*int64' },
      },
    },
    TopologySelectorLabelRequirement: {
      fields: {
        key: { id: 1, type: 'string', required: true },
        values: { id: 2, type: '[]string', required: true, listType: 'atomic' },
      },
    },
    TopologySelectorTerm: {
      mapType: 'atomic',
      fields: {
        matchLabelExpressions: { id: 1, type: '[]TopologySelectorLabelRequirement', listType: 'atomic' },
      },
    },
    TopologySpreadConstraint: {
      fields: {
        maxSkew: { id: 1, type: 'int32', required: true },
        topologyKey: { id: 2, type: 'string', required: true },
        whenUnsatisfiable: {
          id: 3,
          type: 'string',
          goType: 'v1.UnsatisfiableConstraintAction',
          required: true,
          enum: ['DoNotSchedule', 'ScheduleAnyway'],
        },
        labelSelector: { id: 4, type: '*meta/v1.LabelSelector' },
        minDomains: { id: 5, type: '*int32' },
        nodeAffinityPolicy: { id: 6, type: '*string', goType: 'v1.NodeInclusionPolicy', enum: ['Honor', 'Ignore'] },
        nodeTaintsPolicy: { id: 7, type: '*string', goType: 'v1.NodeInclusionPolicy', enum: ['Honor', 'Ignore'] },
        matchLabelKeys: { id: 8, type: '[]string', listType: 'atomic' },
      },
    },
    TypedLocalObjectReference: {
      mapType: 'atomic',
      fields: {
        apiGroup: { id: 1, type: '*string', emit: 'always' },
        kind: { id: 2, type: 'string', required: true },
        name: { id: 3, type: 'string', required: true },
      },
    },
    TypedObjectReference: {
      fields: {
        apiGroup: { id: 1, type: '*string', emit: 'always' },
        kind: { id: 2, type: 'string', required: true },
        name: { id: 3, type: 'string', required: true },
        namespace: { id: 4, type: '*string', gate: 'CrossNamespaceVolumeDataSource' },
      },
    },
    Volume: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        '...VolumeSource': { id: 2 },
      },
    },
    VolumeDevice: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        devicePath: { id: 2, type: 'string', required: true },
      },
    },
    VolumeMount: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        readOnly: { id: 2, type: 'bool' },
        recursiveReadOnly: {
          id: 7,
          type: '*string',
          goType: 'v1.RecursiveReadOnlyMode',
          values: ['Disabled', 'IfPossible', 'Enabled'],
        },
        mountPath: { id: 3, type: 'string', required: true },
        subPath: { id: 4, type: 'string' },
        mountPropagation: {
          id: 5,
          type: '*string',
          goType: 'v1.MountPropagationMode',
          enum: ['Bidirectional', 'HostToContainer', 'None'],
        },
        subPathExpr: { id: 6, type: 'string' },
      },
    },
    VolumeMountStatus: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        mountPath: { id: 2, type: 'string', required: true },
        readOnly: { id: 3, type: 'bool' },
        recursiveReadOnly: {
          id: 4,
          type: '*string',
          goType: 'v1.RecursiveReadOnlyMode',
          values: ['Disabled', 'IfPossible', 'Enabled'],
        },
        volumeStatus: { id: 5, type: '*VolumeStatus' },
      },
    },
    VolumeNodeAffinity: {
      fields: {
        required: { id: 1, type: '*NodeSelector' },
      },
    },
    VolumeProjection: {
      fields: {
        secret: { id: 1, type: '*SecretProjection' },
        downwardAPI: { id: 2, type: '*DownwardAPIProjection' },
        configMap: { id: 3, type: '*ConfigMapProjection' },
        serviceAccountToken: { id: 4, type: '*ServiceAccountTokenProjection' },
        clusterTrustBundle: { id: 5, type: '*ClusterTrustBundleProjection', gate: 'ClusterTrustBundleProjection' },
        podCertificate: { id: 6, type: '*PodCertificateProjection', gate: 'PodCertificateProjection' },
      },
    },
    VolumeResourceRequirements: {
      fields: {
        limits: { id: 1, type: 'map[string]quantity', goType: 'v1.ResourceList' },
        requests: { id: 2, type: 'map[string]quantity', goType: 'v1.ResourceList' },
      },
    },
    VolumeSource: {
      openapi: false,
      fields: {
        hostPath: { id: 1, type: '*HostPathVolumeSource' },
        emptyDir: { id: 2, type: '*EmptyDirVolumeSource' },
        gcePersistentDisk: { id: 3, type: '*GCEPersistentDiskVolumeSource' },
        awsElasticBlockStore: { id: 4, type: '*AWSElasticBlockStoreVolumeSource' },
        gitRepo: { id: 5, type: '*GitRepoVolumeSource' },
        secret: { id: 6, type: '*SecretVolumeSource' },
        nfs: { id: 7, type: '*NFSVolumeSource' },
        iscsi: { id: 8, type: '*ISCSIVolumeSource' },
        glusterfs: { id: 9, type: '*GlusterfsVolumeSource' },
        persistentVolumeClaim: { id: 10, type: '*PersistentVolumeClaimVolumeSource' },
        rbd: { id: 11, type: '*RBDVolumeSource' },
        flexVolume: { id: 12, type: '*FlexVolumeSource' },
        cinder: { id: 13, type: '*CinderVolumeSource' },
        cephfs: { id: 14, type: '*CephFSVolumeSource' },
        flocker: { id: 15, type: '*FlockerVolumeSource' },
        downwardAPI: { id: 16, type: '*DownwardAPIVolumeSource' },
        fc: { id: 17, type: '*FCVolumeSource' },
        azureFile: { id: 18, type: '*AzureFileVolumeSource' },
        configMap: { id: 19, type: '*ConfigMapVolumeSource' },
        vsphereVolume: { id: 20, type: '*VsphereVirtualDiskVolumeSource' },
        quobyte: { id: 21, type: '*QuobyteVolumeSource' },
        azureDisk: { id: 22, type: '*AzureDiskVolumeSource' },
        photonPersistentDisk: { id: 23, type: '*PhotonPersistentDiskVolumeSource' },
        projected: { id: 26, type: '*ProjectedVolumeSource' },
        portworxVolume: { id: 24, type: '*PortworxVolumeSource' },
        scaleIO: { id: 25, type: '*ScaleIOVolumeSource' },
        storageos: { id: 27, type: '*StorageOSVolumeSource' },
        csi: { id: 28, type: '*CSIVolumeSource' },
        ephemeral: { id: 29, type: '*EphemeralVolumeSource' },
        image: { id: 30, type: '*ImageVolumeSource' },
      },
    },
    VolumeStatus: {
      fields: {
        image: { id: 1, type: '*ImageVolumeStatus', gate: 'ImageVolumeWithDigest' },
      },
    },
    VsphereVirtualDiskVolumeSource: {
      fields: {
        volumePath: { id: 1, type: 'string', required: true },
        fsType: { id: 2, type: 'string' },
        storagePolicyName: { id: 3, type: 'string' },
        storagePolicyID: { id: 4, type: 'string' },
      },
    },
    WeightedPodAffinityTerm: {
      fields: {
        weight: { id: 1, type: 'int32', required: true },
        podAffinityTerm: { id: 2, type: 'PodAffinityTerm', required: true },
      },
    },
    WindowsSecurityContextOptions: {
      fields: {
        gmsaCredentialSpecName: { id: 1, type: '*string' },
        gmsaCredentialSpec: { id: 2, type: '*string' },
        runAsUserName: { id: 3, type: '*string' },
        hostProcess: { id: 4, type: '*bool' },
      },
    },
  },
}
