import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: nodes. */
export const node: GroupVersionPart = {
  resources: {
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
  },
  types: {
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
    ConfigMapNodeConfigSource: {
      fields: {
        namespace: { id: 1, type: 'string', required: true },
        name: { id: 2, type: 'string', required: true },
        uid: { id: 3, type: 'string', goType: 'types.UID' },
        resourceVersion: { id: 4, type: 'string' },
        kubeletConfigKey: { id: 5, type: 'string', required: true },
      },
    },
    ContainerImage: {
      fields: {
        names: { id: 1, type: '[]string', emit: 'always', listType: 'atomic' },
        sizeBytes: { id: 2, type: 'int64' },
      },
    },
    DaemonEndpoint: {
      fields: {
        Port: { id: 1, type: 'int32', required: true },
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
    PodSignature: {
      openapi: false,
      fields: {
        podController: { id: 1, type: '*meta/v1.OwnerReference' },
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
  },
}
