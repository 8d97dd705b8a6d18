// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'
import type { Json } from '../../schema/group-version.ts'

export type AWSElasticBlockStoreVolumeSource = {
  readonly volumeID: string
  readonly fsType?: string
  /** Whole number (int32). */
  readonly partition?: number
  readonly readOnly?: boolean
}

export type Affinity = {
  readonly nodeAffinity?: NodeAffinity
  readonly podAffinity?: PodAffinity
  readonly podAntiAffinity?: PodAntiAffinity
}

export type AppArmorProfile = {
  readonly type: 'Localhost' | 'RuntimeDefault' | 'Unconfined'
  readonly localhostProfile?: string
}

export type AttachedVolume = {
  readonly name: string
  readonly devicePath: string
}

export type AvoidPods = {
  readonly preferAvoidPods?: readonly PreferAvoidPodsEntry[]
}

export type AzureDiskVolumeSource = {
  readonly diskName: string
  readonly diskURI: string
  /** Default: `"ReadWrite"`. */
  readonly cachingMode?: 'None' | 'ReadOnly' | 'ReadWrite'
  /** Default: `"ext4"`. */
  readonly fsType?: string
  /** Default: `false`. */
  readonly readOnly?: boolean
  /** Default: `"Shared"`. */
  readonly kind?: 'Dedicated' | 'Managed' | 'Shared'
}

export type AzureFilePersistentVolumeSource = {
  readonly secretName: string
  readonly shareName: string
  readonly readOnly?: boolean
  readonly secretNamespace?: string
}

export type AzureFileVolumeSource = {
  readonly secretName: string
  readonly shareName: string
  readonly readOnly?: boolean
}

export type Binding = {
  readonly kind?: 'Binding'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly target: ObjectReference
}

export type CSIPersistentVolumeSource = {
  readonly driver: string
  readonly volumeHandle: string
  readonly readOnly?: boolean
  readonly fsType?: string
  readonly volumeAttributes?: { readonly [key: string]: string }
  readonly controllerPublishSecretRef?: SecretReference
  readonly nodeStageSecretRef?: SecretReference
  readonly nodePublishSecretRef?: SecretReference
  readonly controllerExpandSecretRef?: SecretReference
  readonly nodeExpandSecretRef?: SecretReference
}

export type CSIVolumeSource = {
  readonly driver: string
  readonly readOnly?: boolean
  readonly fsType?: string
  readonly volumeAttributes?: { readonly [key: string]: string }
  readonly nodePublishSecretRef?: LocalObjectReference
}

export type Capabilities = {
  readonly add?: readonly string[]
  readonly drop?: readonly string[]
}

export type CephFSPersistentVolumeSource = {
  readonly monitors: readonly string[]
  readonly path?: string
  readonly user?: string
  readonly secretFile?: string
  readonly secretRef?: SecretReference
  readonly readOnly?: boolean
}

export type CephFSVolumeSource = {
  readonly monitors: readonly string[]
  readonly path?: string
  readonly user?: string
  readonly secretFile?: string
  readonly secretRef?: LocalObjectReference
  readonly readOnly?: boolean
}

export type CinderPersistentVolumeSource = {
  readonly volumeID: string
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly secretRef?: SecretReference
}

export type CinderVolumeSource = {
  readonly volumeID: string
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly secretRef?: LocalObjectReference
}

export type ClientIPConfig = {
  /** Whole number (int32). */
  readonly timeoutSeconds?: number
}

export type ClusterTrustBundleProjection = {
  readonly name?: string
  readonly signerName?: string
  readonly labelSelector?: metav1.LabelSelector
  readonly optional?: boolean
  readonly path: string
}

export type ComponentCondition = {
  readonly type: 'Healthy' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  readonly message?: string
  readonly error?: string
}

export type ComponentStatus = {
  readonly kind?: 'ComponentStatus'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  /** One item for each `type`. */
  readonly conditions?: readonly ComponentCondition[]
}

export type ConfigMap = {
  readonly kind?: 'ConfigMap'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly immutable?: boolean
  readonly data?: { readonly [key: string]: string }
  /** Bytes in base64. */
  readonly binaryData?: { readonly [key: string]: string }
}

export type ConfigMapEnvSource = {
  readonly name?: string
  readonly optional?: boolean
}

export type ConfigMapKeySelector = {
  readonly name?: string
  readonly key: string
  readonly optional?: boolean
}

export type ConfigMapNodeConfigSource = {
  readonly namespace: string
  readonly name: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly kubeletConfigKey: string
}

export type ConfigMapProjection = {
  readonly name?: string
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}

export type ConfigMapVolumeSource = {
  readonly name?: string
  readonly items?: readonly KeyToPath[]
  /** Whole number (int32). */
  readonly defaultMode?: number
  readonly optional?: boolean
}

export type Container = {
  readonly name: string
  readonly image?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  /** One item for each `containerPort` and `protocol`. */
  readonly ports?: readonly ContainerPort[]
  readonly envFrom?: readonly EnvFromSource[]
  /** One item for each `name`. */
  readonly env?: readonly EnvVar[]
  readonly resources?: ResourceRequirements
  readonly resizePolicy?: readonly ContainerResizePolicy[]
  readonly restartPolicy?: 'Always' | 'Never' | 'OnFailure' | (string & {})
  readonly restartPolicyRules?: readonly ContainerRestartRule[]
  /** One item for each `mountPath`. */
  readonly volumeMounts?: readonly VolumeMount[]
  /** One item for each `devicePath`. */
  readonly volumeDevices?: readonly VolumeDevice[]
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
  readonly lifecycle?: Lifecycle
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: 'FallbackToLogsOnError' | 'File'
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
  readonly securityContext?: SecurityContext
  readonly stdin?: boolean
  readonly stdinOnce?: boolean
  readonly tty?: boolean
}

export type ContainerExtendedResourceRequest = {
  readonly containerName: string
  readonly resourceName: string
  readonly requestName: string
}

export type ContainerImage = {
  readonly names?: readonly string[] | null
  /** Whole number (int64). */
  readonly sizeBytes?: number
}

export type ContainerPort = {
  readonly name?: string
  /** Whole number (int32). */
  readonly hostPort?: number
  /** Whole number (int32). */
  readonly containerPort: number
  /** Default: `"TCP"`. */
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP'
  readonly hostIP?: string
}

export type ContainerResizePolicy = {
  readonly resourceName: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  readonly restartPolicy: 'NotRequired' | 'RestartContainer' | (string & {})
}

export type ContainerRestartRule = {
  readonly action: 'Restart' | 'RestartAllContainers' | (string & {})
  readonly exitCodes?: ContainerRestartRuleOnExitCodes
}

export type ContainerRestartRuleOnExitCodes = {
  readonly operator: 'In' | 'NotIn' | (string & {})
  /** Whole number (int32). No item stands twice. */
  readonly values?: readonly number[]
}

export type ContainerState = {
  readonly waiting?: ContainerStateWaiting
  readonly running?: ContainerStateRunning
  readonly terminated?: ContainerStateTerminated
}

export type ContainerStateRunning = {
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly startedAt?: string
}

export type ContainerStateTerminated = {
  /** Whole number (int32). */
  readonly exitCode: number
  /** Whole number (int32). */
  readonly signal?: number
  readonly reason?: string
  readonly message?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly startedAt?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly finishedAt?: string
  readonly containerID?: string
}

export type ContainerStateWaiting = {
  readonly reason?: string
  readonly message?: string
}

export type ContainerStatus = {
  readonly name: string
  readonly state?: ContainerState
  readonly lastState?: ContainerState
  readonly ready: boolean
  /** Whole number (int32). */
  readonly restartCount: number
  readonly image: string
  readonly imageID: string
  readonly containerID?: string
  readonly started?: boolean
  /** Quantity: `500m`, `1Gi`. */
  readonly allocatedResources?: { readonly [key: string]: string }
  readonly resources?: ResourceRequirements
  /** One item for each `mountPath`. */
  readonly volumeMounts?: readonly VolumeMountStatus[]
  readonly user?: ContainerUser
  /** One item for each `name`. */
  readonly allocatedResourcesStatus?: readonly ResourceStatus[]
  readonly stopSignal?: 'SIGABRT' | 'SIGALRM' | 'SIGBUS' | 'SIGCHLD' | 'SIGCLD' | 'SIGCONT' | 'SIGFPE' | 'SIGHUP' | 'SIGILL' | 'SIGINT' | 'SIGIO' | 'SIGIOT' | 'SIGKILL' | 'SIGPIPE' | 'SIGPOLL' | 'SIGPROF' | 'SIGPWR' | 'SIGQUIT' | 'SIGRTMAX' | 'SIGRTMAX-1' | 'SIGRTMAX-10' | 'SIGRTMAX-11' | 'SIGRTMAX-12' | 'SIGRTMAX-13' | 'SIGRTMAX-14' | 'SIGRTMAX-2' | 'SIGRTMAX-3' | 'SIGRTMAX-4' | 'SIGRTMAX-5' | 'SIGRTMAX-6' | 'SIGRTMAX-7' | 'SIGRTMAX-8' | 'SIGRTMAX-9' | 'SIGRTMIN' | 'SIGRTMIN+1' | 'SIGRTMIN+10' | 'SIGRTMIN+11' | 'SIGRTMIN+12' | 'SIGRTMIN+13' | 'SIGRTMIN+14' | 'SIGRTMIN+15' | 'SIGRTMIN+2' | 'SIGRTMIN+3' | 'SIGRTMIN+4' | 'SIGRTMIN+5' | 'SIGRTMIN+6' | 'SIGRTMIN+7' | 'SIGRTMIN+8' | 'SIGRTMIN+9' | 'SIGSEGV' | 'SIGSTKFLT' | 'SIGSTOP' | 'SIGSYS' | 'SIGTERM' | 'SIGTRAP' | 'SIGTSTP' | 'SIGTTIN' | 'SIGTTOU' | 'SIGURG' | 'SIGUSR1' | 'SIGUSR2' | 'SIGVTALRM' | 'SIGWINCH' | 'SIGXCPU' | 'SIGXFSZ'
}

export type ContainerUser = {
  readonly linux?: LinuxContainerUser
}

export type DaemonEndpoint = {
  /** Whole number (int32). */
  readonly Port: number
}

export type DownwardAPIProjection = {
  readonly items?: readonly DownwardAPIVolumeFile[]
}

export type DownwardAPIVolumeFile = {
  readonly path: string
  readonly fieldRef?: ObjectFieldSelector
  readonly resourceFieldRef?: ResourceFieldSelector
  /** Whole number (int32). */
  readonly mode?: number
}

export type DownwardAPIVolumeSource = {
  readonly items?: readonly DownwardAPIVolumeFile[]
  /** Whole number (int32). */
  readonly defaultMode?: number
}

export type EmptyDirVolumeSource = {
  readonly medium?: '' | 'Memory' | 'HugePages' | 'HugePages-' | (string & {})
  /** Quantity: `500m`, `1Gi`. */
  readonly sizeLimit?: string
}

export type EndpointAddress = {
  readonly ip: string
  readonly hostname?: string
  readonly nodeName?: string
  readonly targetRef?: ObjectReference
}

export type EndpointPort = {
  readonly name?: string
  /** Whole number (int32). */
  readonly port: number
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP'
  readonly appProtocol?: string
}

export type EndpointSubset = {
  readonly addresses?: readonly EndpointAddress[]
  readonly notReadyAddresses?: readonly EndpointAddress[]
  readonly ports?: readonly EndpointPort[]
}

export type Endpoints = {
  readonly kind?: 'Endpoints'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly subsets?: readonly EndpointSubset[]
}

export type EnvFromSource = {
  readonly prefix?: string
  readonly configMapRef?: ConfigMapEnvSource
  readonly secretRef?: SecretEnvSource
}

export type EnvVar = {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: EnvVarSource
}

export type EnvVarSource = {
  readonly fieldRef?: ObjectFieldSelector
  readonly resourceFieldRef?: ResourceFieldSelector
  readonly configMapKeyRef?: ConfigMapKeySelector
  readonly secretKeyRef?: SecretKeySelector
  readonly fileKeyRef?: FileKeySelector
}

export type EphemeralContainer = {
  readonly name: string
  readonly image?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  /** One item for each `containerPort` and `protocol`. */
  readonly ports?: readonly ContainerPort[]
  readonly envFrom?: readonly EnvFromSource[]
  /** One item for each `name`. */
  readonly env?: readonly EnvVar[]
  readonly resources?: ResourceRequirements
  readonly resizePolicy?: readonly ContainerResizePolicy[]
  readonly restartPolicy?: 'Always' | 'Never' | 'OnFailure' | (string & {})
  readonly restartPolicyRules?: readonly ContainerRestartRule[]
  /** One item for each `mountPath`. */
  readonly volumeMounts?: readonly VolumeMount[]
  /** One item for each `devicePath`. */
  readonly volumeDevices?: readonly VolumeDevice[]
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
  readonly lifecycle?: Lifecycle
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: 'FallbackToLogsOnError' | 'File'
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
  readonly securityContext?: SecurityContext
  readonly stdin?: boolean
  readonly stdinOnce?: boolean
  readonly tty?: boolean
  readonly targetContainerName?: string
}

export type EphemeralContainerCommon = {
  readonly name: string
  readonly image?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  /** One item for each `containerPort` and `protocol`. */
  readonly ports?: readonly ContainerPort[]
  readonly envFrom?: readonly EnvFromSource[]
  /** One item for each `name`. */
  readonly env?: readonly EnvVar[]
  readonly resources?: ResourceRequirements
  readonly resizePolicy?: readonly ContainerResizePolicy[]
  readonly restartPolicy?: 'Always' | 'Never' | 'OnFailure' | (string & {})
  readonly restartPolicyRules?: readonly ContainerRestartRule[]
  /** One item for each `mountPath`. */
  readonly volumeMounts?: readonly VolumeMount[]
  /** One item for each `devicePath`. */
  readonly volumeDevices?: readonly VolumeDevice[]
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
  readonly lifecycle?: Lifecycle
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: 'FallbackToLogsOnError' | 'File'
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
  readonly securityContext?: SecurityContext
  readonly stdin?: boolean
  readonly stdinOnce?: boolean
  readonly tty?: boolean
}

export type EphemeralVolumeSource = {
  readonly volumeClaimTemplate?: PersistentVolumeClaimTemplate
}

export type Event = {
  readonly kind?: 'Event'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly involvedObject: ObjectReference
  readonly reason?: string
  readonly message?: string
  readonly source?: EventSource
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly firstTimestamp?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTimestamp?: string
  /** Whole number (int32). */
  readonly count?: number
  readonly type?: string
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly eventTime?: string
  readonly series?: EventSeries
  readonly action?: string
  readonly related?: ObjectReference
  readonly reportingComponent?: string
  readonly reportingInstance?: string
}

export type EventSeries = {
  /** Whole number (int32). */
  readonly count?: number
  /** Time in UTC: `2026-01-31T12:00:00.000000Z`. */
  readonly lastObservedTime?: string
}

export type EventSource = {
  readonly component?: string
  readonly host?: string
}

export type ExecAction = {
  readonly command?: readonly string[]
}

export type FCVolumeSource = {
  readonly targetWWNs?: readonly string[]
  /** Whole number (int32). */
  readonly lun?: number
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly wwids?: readonly string[]
}

export type FileKeySelector = {
  readonly volumeName: string
  readonly path: string
  readonly key: string
  /** Default: `false`. */
  readonly optional?: boolean
}

export type FlexPersistentVolumeSource = {
  readonly driver: string
  readonly fsType?: string
  readonly secretRef?: SecretReference
  readonly readOnly?: boolean
  readonly options?: { readonly [key: string]: string }
}

export type FlexVolumeSource = {
  readonly driver: string
  readonly fsType?: string
  readonly secretRef?: LocalObjectReference
  readonly readOnly?: boolean
  readonly options?: { readonly [key: string]: string }
}

export type FlockerVolumeSource = {
  readonly datasetName?: string
  readonly datasetUUID?: string
}

export type GCEPersistentDiskVolumeSource = {
  readonly pdName: string
  readonly fsType?: string
  /** Whole number (int32). */
  readonly partition?: number
  readonly readOnly?: boolean
}

export type GRPCAction = {
  /** Whole number (int32). */
  readonly port: number
  readonly service?: string
}

export type GitRepoVolumeSource = {
  readonly repository: string
  readonly revision?: string
  readonly directory?: string
}

export type GlusterfsPersistentVolumeSource = {
  readonly endpoints: string
  readonly path: string
  readonly readOnly?: boolean
  readonly endpointsNamespace?: string
}

export type GlusterfsVolumeSource = {
  readonly endpoints: string
  readonly path: string
  readonly readOnly?: boolean
}

export type HTTPGetAction = {
  readonly path?: string
  /** Number, percentage (`25%`) or name. */
  readonly port: number | string
  readonly host?: string
  readonly scheme?: 'HTTP' | 'HTTPS'
  readonly httpHeaders?: readonly HTTPHeader[]
}

export type HTTPHeader = {
  readonly name: string
  readonly value: string
}

export type HostAlias = {
  readonly ip: string
  readonly hostnames?: readonly string[]
}

export type HostIP = {
  readonly ip: string
}

export type HostPathVolumeSource = {
  readonly path: string
  readonly type?: '' | 'BlockDevice' | 'CharDevice' | 'Directory' | 'DirectoryOrCreate' | 'File' | 'FileOrCreate' | 'Socket'
}

export type ISCSIPersistentVolumeSource = {
  readonly targetPortal: string
  readonly iqn: string
  /** Whole number (int32). */
  readonly lun: number
  /** Default: `"default"`. */
  readonly iscsiInterface?: string
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly portals?: readonly string[]
  readonly chapAuthDiscovery?: boolean
  readonly chapAuthSession?: boolean
  readonly secretRef?: SecretReference
  readonly initiatorName?: string
}

export type ISCSIVolumeSource = {
  readonly targetPortal: string
  readonly iqn: string
  /** Whole number (int32). */
  readonly lun: number
  /** Default: `"default"`. */
  readonly iscsiInterface?: string
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly portals?: readonly string[]
  readonly chapAuthDiscovery?: boolean
  readonly chapAuthSession?: boolean
  readonly secretRef?: LocalObjectReference
  readonly initiatorName?: string
}

export type ImageVolumeSource = {
  readonly reference?: string
  readonly pullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
}

export type ImageVolumeStatus = {
  readonly imageRef: string
}

export type KeyToPath = {
  readonly key: string
  readonly path: string
  /** Whole number (int32). */
  readonly mode?: number
}

export type Lifecycle = {
  readonly postStart?: LifecycleHandler
  readonly preStop?: LifecycleHandler
  readonly stopSignal?: 'SIGABRT' | 'SIGALRM' | 'SIGBUS' | 'SIGCHLD' | 'SIGCLD' | 'SIGCONT' | 'SIGFPE' | 'SIGHUP' | 'SIGILL' | 'SIGINT' | 'SIGIO' | 'SIGIOT' | 'SIGKILL' | 'SIGPIPE' | 'SIGPOLL' | 'SIGPROF' | 'SIGPWR' | 'SIGQUIT' | 'SIGRTMAX' | 'SIGRTMAX-1' | 'SIGRTMAX-10' | 'SIGRTMAX-11' | 'SIGRTMAX-12' | 'SIGRTMAX-13' | 'SIGRTMAX-14' | 'SIGRTMAX-2' | 'SIGRTMAX-3' | 'SIGRTMAX-4' | 'SIGRTMAX-5' | 'SIGRTMAX-6' | 'SIGRTMAX-7' | 'SIGRTMAX-8' | 'SIGRTMAX-9' | 'SIGRTMIN' | 'SIGRTMIN+1' | 'SIGRTMIN+10' | 'SIGRTMIN+11' | 'SIGRTMIN+12' | 'SIGRTMIN+13' | 'SIGRTMIN+14' | 'SIGRTMIN+15' | 'SIGRTMIN+2' | 'SIGRTMIN+3' | 'SIGRTMIN+4' | 'SIGRTMIN+5' | 'SIGRTMIN+6' | 'SIGRTMIN+7' | 'SIGRTMIN+8' | 'SIGRTMIN+9' | 'SIGSEGV' | 'SIGSTKFLT' | 'SIGSTOP' | 'SIGSYS' | 'SIGTERM' | 'SIGTRAP' | 'SIGTSTP' | 'SIGTTIN' | 'SIGTTOU' | 'SIGURG' | 'SIGUSR1' | 'SIGUSR2' | 'SIGVTALRM' | 'SIGWINCH' | 'SIGXCPU' | 'SIGXFSZ'
}

export type LifecycleHandler = {
  readonly exec?: ExecAction
  readonly httpGet?: HTTPGetAction
  readonly tcpSocket?: TCPSocketAction
  readonly sleep?: SleepAction
}

export type LimitRange = {
  readonly kind?: 'LimitRange'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: LimitRangeSpec
}

export type LimitRangeItem = {
  readonly type: 'Pod' | 'Container' | 'PersistentVolumeClaim' | (string & {})
  /** Quantity: `500m`, `1Gi`. */
  readonly max?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly min?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly default?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly defaultRequest?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly maxLimitRequestRatio?: { readonly [key: string]: string }
}

export type LimitRangeSpec = {
  readonly limits: readonly LimitRangeItem[]
}

export type LinuxContainerUser = {
  /** Whole number (int64). */
  readonly uid: number
  /** Whole number (int64). */
  readonly gid: number
  /** Whole number (int64). */
  readonly supplementalGroups?: readonly number[]
}

export type List = {
  readonly kind?: 'List'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  /** Any object. */
  readonly items: readonly Json[]
}

export type LoadBalancerIngress = {
  readonly ip?: string
  readonly hostname?: string
  readonly ipMode?: 'VIP' | 'Proxy' | (string & {})
  readonly ports?: readonly PortStatus[]
}

export type LoadBalancerStatus = {
  readonly ingress?: readonly LoadBalancerIngress[]
}

export type LocalObjectReference = {
  readonly name?: string
}

export type LocalVolumeSource = {
  readonly path: string
  readonly fsType?: string
}

export type ModifyVolumeStatus = {
  readonly targetVolumeAttributesClassName?: string
  readonly status: 'InProgress' | 'Infeasible' | 'Pending'
}

export type NFSVolumeSource = {
  readonly server: string
  readonly path: string
  readonly readOnly?: boolean
}

export type Namespace = {
  readonly kind?: 'Namespace'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: NamespaceSpec
  readonly status?: NamespaceStatus
}

export type NamespaceCondition = {
  readonly type: 'NamespaceDeletionDiscoveryFailure' | 'NamespaceDeletionContentFailure' | 'NamespaceDeletionGroupVersionParsingFailure' | 'NamespaceContentRemaining' | 'NamespaceFinalizersRemaining' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type NamespaceSpec = {
  readonly finalizers?: readonly ('kubernetes' | (string & {}))[]
}

export type NamespaceStatus = {
  readonly phase?: 'Active' | 'Terminating'
  /** One item for each `type`. */
  readonly conditions?: readonly NamespaceCondition[]
}

export type Node = {
  readonly kind?: 'Node'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: NodeSpec
  readonly status?: NodeStatus
}

export type NodeAddress = {
  readonly type: 'Hostname' | 'InternalIP' | 'ExternalIP' | 'InternalDNS' | 'ExternalDNS' | (string & {})
  readonly address: string
}

export type NodeAffinity = {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredSchedulingTerm[]
}

export type NodeAllocatableResourceClaimStatus = {
  readonly resourceClaimName: string
  /** No item stands twice. */
  readonly containers?: readonly string[]
  /** Quantity: `500m`, `1Gi`. */
  readonly resources: { readonly [key: string]: string }
}

export type NodeCondition = {
  readonly type: 'Ready' | 'MemoryPressure' | 'DiskPressure' | 'PIDPressure' | 'NetworkUnavailable' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastHeartbeatTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type NodeConfigSource = {
  readonly configMap?: ConfigMapNodeConfigSource
}

export type NodeConfigStatus = {
  readonly assigned?: NodeConfigSource
  readonly active?: NodeConfigSource
  readonly lastKnownGood?: NodeConfigSource
  readonly error?: string
}

export type NodeDaemonEndpoints = {
  readonly kubeletEndpoint?: DaemonEndpoint
}

export type NodeFeatures = {
  readonly supplementalGroupsPolicy?: boolean
}

export type NodeProxyOptions = {
  readonly kind?: 'NodeProxyOptions'
  readonly apiVersion?: 'v1'
  readonly path?: string
}

export type NodeRuntimeHandler = {
  readonly name?: string
  readonly features?: NodeRuntimeHandlerFeatures
}

export type NodeRuntimeHandlerFeatures = {
  readonly recursiveReadOnlyMounts?: boolean
  readonly userNamespaces?: boolean
}

export type NodeSelector = {
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[]
}

export type NodeSelectorRequirement = {
  readonly key: string
  readonly operator: 'DoesNotExist' | 'Exists' | 'Gt' | 'In' | 'Lt' | 'NotIn'
  readonly values?: readonly string[]
}

export type NodeSelectorTerm = {
  readonly matchExpressions?: readonly NodeSelectorRequirement[]
  readonly matchFields?: readonly NodeSelectorRequirement[]
}

export type NodeSpec = {
  readonly podCIDR?: string
  /** No item stands twice. */
  readonly podCIDRs?: readonly string[]
  readonly providerID?: string
  readonly unschedulable?: boolean
  readonly taints?: readonly Taint[]
  readonly configSource?: NodeConfigSource
  readonly externalID?: string
}

export type NodeStatus = {
  /** Quantity: `500m`, `1Gi`. */
  readonly capacity?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly allocatable?: { readonly [key: string]: string }
  readonly phase?: 'Pending' | 'Running' | 'Terminated'
  /** One item for each `type`. */
  readonly conditions?: readonly NodeCondition[]
  /** One item for each `type`. */
  readonly addresses?: readonly NodeAddress[]
  readonly daemonEndpoints?: NodeDaemonEndpoints
  readonly nodeInfo?: NodeSystemInfo
  readonly images?: readonly ContainerImage[]
  readonly volumesInUse?: readonly string[]
  readonly volumesAttached?: readonly AttachedVolume[]
  readonly config?: NodeConfigStatus
  readonly runtimeHandlers?: readonly NodeRuntimeHandler[]
  readonly features?: NodeFeatures
  readonly declaredFeatures?: readonly string[]
}

export type NodeSwapStatus = {
  /** Whole number (int64). */
  readonly capacity?: number
}

export type NodeSystemInfo = {
  readonly machineID: string
  readonly systemUUID: string
  readonly bootID: string
  readonly kernelVersion: string
  readonly osImage: string
  readonly containerRuntimeVersion: string
  readonly kubeletVersion: string
  readonly kubeProxyVersion: string
  readonly operatingSystem: string
  readonly architecture: string
  readonly swap?: NodeSwapStatus
}

export type ObjectFieldSelector = {
  readonly apiVersion?: string
  readonly fieldPath: string
}

export type ObjectReference = {
  readonly kind?: string
  readonly namespace?: string
  readonly name?: string
  readonly uid?: string
  readonly apiVersion?: string
  readonly resourceVersion?: string
  readonly fieldPath?: string
}

export type PersistentVolume = {
  readonly kind?: 'PersistentVolume'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: PersistentVolumeSpec
  readonly status?: PersistentVolumeStatus
}

export type PersistentVolumeClaim = {
  readonly kind?: 'PersistentVolumeClaim'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: PersistentVolumeClaimSpec
  readonly status?: PersistentVolumeClaimStatus
}

export type PersistentVolumeClaimCondition = {
  readonly type: 'Resizing' | 'FileSystemResizePending' | 'ControllerResizeError' | 'NodeResizeError' | 'ModifyVolumeError' | 'ModifyingVolume' | 'Unused' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastProbeTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type PersistentVolumeClaimSpec = {
  readonly accessModes?: readonly ('ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOnce' | 'ReadWriteOncePod')[]
  readonly selector?: metav1.LabelSelector
  readonly resources?: VolumeResourceRequirements
  readonly volumeName?: string
  readonly storageClassName?: string
  readonly volumeMode?: 'Block' | 'Filesystem'
  readonly dataSource?: TypedLocalObjectReference
  readonly dataSourceRef?: TypedObjectReference
  readonly volumeAttributesClassName?: string
}

export type PersistentVolumeClaimStatus = {
  readonly phase?: 'Bound' | 'Lost' | 'Pending'
  readonly accessModes?: readonly ('ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOnce' | 'ReadWriteOncePod')[]
  /** Quantity: `500m`, `1Gi`. */
  readonly capacity?: { readonly [key: string]: string }
  /** One item for each `type`. */
  readonly conditions?: readonly PersistentVolumeClaimCondition[]
  /** Quantity: `500m`, `1Gi`. */
  readonly allocatedResources?: { readonly [key: string]: string }
  readonly allocatedResourceStatuses?: { readonly [key: string]: 'ControllerResizeInProgress' | 'ControllerResizeInfeasible' | 'NodeResizeInProgress' | 'NodeResizeInfeasible' | 'NodeResizePending' }
  readonly currentVolumeAttributesClassName?: string
  readonly modifyVolumeStatus?: ModifyVolumeStatus
}

export type PersistentVolumeClaimTemplate = {
  readonly metadata?: metav1.ObjectMeta
  readonly spec: PersistentVolumeClaimSpec
}

export type PersistentVolumeClaimVolumeSource = {
  readonly claimName: string
  readonly readOnly?: boolean
}

export type PersistentVolumeSource = {
  readonly gcePersistentDisk?: GCEPersistentDiskVolumeSource
  readonly awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource
  readonly hostPath?: HostPathVolumeSource
  readonly glusterfs?: GlusterfsPersistentVolumeSource
  readonly nfs?: NFSVolumeSource
  readonly rbd?: RBDPersistentVolumeSource
  readonly iscsi?: ISCSIPersistentVolumeSource
  readonly cinder?: CinderPersistentVolumeSource
  readonly cephfs?: CephFSPersistentVolumeSource
  readonly fc?: FCVolumeSource
  readonly flocker?: FlockerVolumeSource
  readonly flexVolume?: FlexPersistentVolumeSource
  readonly azureFile?: AzureFilePersistentVolumeSource
  readonly vsphereVolume?: VsphereVirtualDiskVolumeSource
  readonly quobyte?: QuobyteVolumeSource
  readonly azureDisk?: AzureDiskVolumeSource
  readonly photonPersistentDisk?: PhotonPersistentDiskVolumeSource
  readonly portworxVolume?: PortworxVolumeSource
  readonly scaleIO?: ScaleIOPersistentVolumeSource
  readonly local?: LocalVolumeSource
  readonly storageos?: StorageOSPersistentVolumeSource
  readonly csi?: CSIPersistentVolumeSource
}

export type PersistentVolumeSpec = {
  /** Quantity: `500m`, `1Gi`. */
  readonly capacity?: { readonly [key: string]: string }
  readonly gcePersistentDisk?: GCEPersistentDiskVolumeSource
  readonly awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource
  readonly hostPath?: HostPathVolumeSource
  readonly glusterfs?: GlusterfsPersistentVolumeSource
  readonly nfs?: NFSVolumeSource
  readonly rbd?: RBDPersistentVolumeSource
  readonly iscsi?: ISCSIPersistentVolumeSource
  readonly cinder?: CinderPersistentVolumeSource
  readonly cephfs?: CephFSPersistentVolumeSource
  readonly fc?: FCVolumeSource
  readonly flocker?: FlockerVolumeSource
  readonly flexVolume?: FlexPersistentVolumeSource
  readonly azureFile?: AzureFilePersistentVolumeSource
  readonly vsphereVolume?: VsphereVirtualDiskVolumeSource
  readonly quobyte?: QuobyteVolumeSource
  readonly azureDisk?: AzureDiskVolumeSource
  readonly photonPersistentDisk?: PhotonPersistentDiskVolumeSource
  readonly portworxVolume?: PortworxVolumeSource
  readonly scaleIO?: ScaleIOPersistentVolumeSource
  readonly local?: LocalVolumeSource
  readonly storageos?: StorageOSPersistentVolumeSource
  readonly csi?: CSIPersistentVolumeSource
  readonly accessModes?: readonly ('ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOnce' | 'ReadWriteOncePod')[]
  readonly claimRef?: ObjectReference
  readonly persistentVolumeReclaimPolicy?: 'Delete' | 'Recycle' | 'Retain'
  readonly storageClassName?: string
  readonly mountOptions?: readonly string[]
  readonly volumeMode?: 'Block' | 'Filesystem'
  readonly nodeAffinity?: VolumeNodeAffinity
  readonly volumeAttributesClassName?: string
}

export type PersistentVolumeStatus = {
  readonly phase?: 'Available' | 'Bound' | 'Failed' | 'Pending' | 'Released'
  readonly message?: string
  readonly reason?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastPhaseTransitionTime?: string
}

export type PhotonPersistentDiskVolumeSource = {
  readonly pdID: string
  readonly fsType?: string
}

export type Pod = {
  readonly kind?: 'Pod'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: PodSpec
  readonly status?: PodStatus
}

export type PodAffinity = {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[]
}

export type PodAffinityTerm = {
  readonly labelSelector?: metav1.LabelSelector
  readonly namespaces?: readonly string[]
  readonly topologyKey: string
  readonly namespaceSelector?: metav1.LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

export type PodAntiAffinity = {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[]
}

export type PodAttachOptions = {
  readonly kind?: 'PodAttachOptions'
  readonly apiVersion?: 'v1'
  readonly stdin?: boolean
  readonly stdout?: boolean
  readonly stderr?: boolean
  readonly tty?: boolean
  readonly container?: string
}

export type PodCertificateProjection = {
  readonly signerName: string
  readonly keyType: string
  /** Whole number (int32). */
  readonly maxExpirationSeconds?: number
  readonly credentialBundlePath?: string
  readonly keyPath?: string
  readonly certificateChainPath?: string
  readonly userAnnotations?: { readonly [key: string]: string }
}

export type PodCondition = {
  readonly type: 'ContainersReady' | 'Initialized' | 'Ready' | 'PodScheduled' | 'DisruptionTarget' | 'PodReadyToStartContainers' | 'PodResizePending' | 'PodResizeInProgress' | 'AllContainersRestarting' | (string & {})
  /** Whole number (int64). */
  readonly observedGeneration?: number
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastProbeTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type PodDNSConfig = {
  readonly nameservers?: readonly string[]
  readonly searches?: readonly string[]
  readonly options?: readonly PodDNSConfigOption[]
}

export type PodDNSConfigOption = {
  readonly name?: string
  readonly value?: string
}

export type PodExecOptions = {
  readonly kind?: 'PodExecOptions'
  readonly apiVersion?: 'v1'
  readonly stdin?: boolean
  readonly stdout?: boolean
  readonly stderr?: boolean
  readonly tty?: boolean
  readonly container?: string
  readonly command: readonly string[]
}

export type PodExtendedResourceClaimStatus = {
  readonly requestMappings: readonly ContainerExtendedResourceRequest[]
  readonly resourceClaimName: string
}

export type PodIP = {
  readonly ip: string
}

export type PodLogOptions = {
  readonly kind?: 'PodLogOptions'
  readonly apiVersion?: 'v1'
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  /** Whole number (int64). */
  readonly sinceSeconds?: number
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly sinceTime?: string
  readonly timestamps?: boolean
  /** Whole number (int64). */
  readonly tailLines?: number
  /** Whole number (int64). */
  readonly limitBytes?: number
  readonly insecureSkipTLSVerifyBackend?: boolean
  readonly stream?: string
}

export type PodOS = {
  readonly name: 'linux' | 'windows' | (string & {})
}

export type PodPortForwardOptions = {
  readonly kind?: 'PodPortForwardOptions'
  readonly apiVersion?: 'v1'
  /** Whole number (int32). */
  readonly ports?: readonly number[]
}

export type PodProxyOptions = {
  readonly kind?: 'PodProxyOptions'
  readonly apiVersion?: 'v1'
  readonly path?: string
}

export type PodReadinessGate = {
  readonly conditionType: 'ContainersReady' | 'Initialized' | 'Ready' | 'PodScheduled' | 'DisruptionTarget' | 'PodReadyToStartContainers' | 'PodResizePending' | 'PodResizeInProgress' | 'AllContainersRestarting' | (string & {})
}

export type PodResourceClaim = {
  readonly name: string
  readonly resourceClaimName?: string
  readonly resourceClaimTemplateName?: string
}

export type PodResourceClaimStatus = {
  readonly name: string
  readonly resourceClaimName?: string
}

export type PodSchedulingGate = {
  readonly name: string
}

export type PodSchedulingGroup = {
  readonly podGroupName?: string
}

export type PodSecurityContext = {
  readonly seLinuxOptions?: SELinuxOptions
  readonly windowsOptions?: WindowsSecurityContextOptions
  /** Whole number (int64). */
  readonly runAsUser?: number
  /** Whole number (int64). */
  readonly runAsGroup?: number
  readonly runAsNonRoot?: boolean
  /** Whole number (int64). */
  readonly supplementalGroups?: readonly number[]
  readonly supplementalGroupsPolicy?: 'Merge' | 'Strict'
  /** Whole number (int64). */
  readonly fsGroup?: number
  readonly sysctls?: readonly Sysctl[]
  readonly fsGroupChangePolicy?: 'Always' | 'OnRootMismatch'
  readonly seccompProfile?: SeccompProfile
  readonly appArmorProfile?: AppArmorProfile
  readonly seLinuxChangePolicy?: 'Recursive' | 'MountOption' | (string & {})
}

export type PodSignature = {
  readonly podController?: metav1.OwnerReference
}

export type PodSpec = {
  /** One item for each `name`. */
  readonly volumes?: readonly Volume[]
  /** One item for each `name`. */
  readonly initContainers?: readonly Container[]
  /** One item for each `name`. */
  readonly containers: readonly Container[]
  /** One item for each `name`. */
  readonly ephemeralContainers?: readonly EphemeralContainer[]
  readonly restartPolicy?: 'Always' | 'Never' | 'OnFailure'
  /** Whole number (int64). */
  readonly terminationGracePeriodSeconds?: number
  /** Whole number (int64). */
  readonly activeDeadlineSeconds?: number
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None'
  readonly nodeSelector?: { readonly [key: string]: string }
  readonly serviceAccountName?: string
  readonly serviceAccount?: string
  readonly automountServiceAccountToken?: boolean
  readonly nodeName?: string
  readonly hostNetwork?: boolean
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
  readonly shareProcessNamespace?: boolean
  readonly securityContext?: PodSecurityContext
  /** One item for each `name`. */
  readonly imagePullSecrets?: readonly LocalObjectReference[]
  readonly hostname?: string
  readonly subdomain?: string
  readonly affinity?: Affinity
  readonly schedulerName?: string
  readonly tolerations?: readonly Toleration[]
  /** One item for each `ip`. */
  readonly hostAliases?: readonly HostAlias[]
  readonly priorityClassName?: string
  /** Whole number (int32). */
  readonly priority?: number
  readonly dnsConfig?: PodDNSConfig
  readonly readinessGates?: readonly PodReadinessGate[]
  readonly runtimeClassName?: string
  readonly enableServiceLinks?: boolean
  readonly preemptionPolicy?: 'Never' | 'PreemptLowerPriority'
  /** Quantity: `500m`, `1Gi`. */
  readonly overhead?: { readonly [key: string]: string }
  /** One item for each `topologyKey` and `whenUnsatisfiable`. */
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[]
  readonly setHostnameAsFQDN?: boolean
  readonly os?: PodOS
  readonly hostUsers?: boolean
  /** One item for each `name`. */
  readonly schedulingGates?: readonly PodSchedulingGate[]
  /** One item for each `name`. */
  readonly resourceClaims?: readonly PodResourceClaim[]
  readonly resources?: ResourceRequirements
  readonly hostnameOverride?: string
  readonly schedulingGroup?: PodSchedulingGroup
}

export type PodStatus = {
  /** Whole number (int64). */
  readonly observedGeneration?: number
  readonly phase?: 'Failed' | 'Pending' | 'Running' | 'Succeeded' | 'Unknown'
  /** One item for each `type`. */
  readonly conditions?: readonly PodCondition[]
  readonly message?: string
  readonly reason?: string
  readonly nominatedNodeName?: string
  readonly hostIP?: string
  readonly hostIPs?: readonly HostIP[]
  readonly podIP?: string
  /** One item for each `ip`. */
  readonly podIPs?: readonly PodIP[]
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly startTime?: string
  readonly initContainerStatuses?: readonly ContainerStatus[]
  readonly containerStatuses?: readonly ContainerStatus[]
  readonly qosClass?: 'BestEffort' | 'Burstable' | 'Guaranteed'
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[]
  readonly resize?: 'InProgress' | 'Deferred' | 'Infeasible' | (string & {})
  /** One item for each `name`. */
  readonly resourceClaimStatuses?: readonly PodResourceClaimStatus[]
  readonly extendedResourceClaimStatus?: PodExtendedResourceClaimStatus
  /** Quantity: `500m`, `1Gi`. */
  readonly allocatedResources?: { readonly [key: string]: string }
  readonly resources?: ResourceRequirements
  readonly nodeAllocatableResourceClaimStatuses?: readonly NodeAllocatableResourceClaimStatus[]
}

export type PodStatusResult = {
  readonly kind?: 'PodStatusResult'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly status?: PodStatus
}

export type PodTemplate = {
  readonly kind?: 'PodTemplate'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly template?: PodTemplateSpec
}

export type PodTemplateSpec = {
  readonly metadata?: metav1.ObjectMeta
  readonly spec?: PodSpec
}

export type PortStatus = {
  /** Whole number (int32). */
  readonly port: number
  readonly protocol: 'SCTP' | 'TCP' | 'UDP'
  readonly error?: string
}

export type PortworxVolumeSource = {
  readonly volumeID: string
  readonly fsType?: string
  readonly readOnly?: boolean
}

export type Preconditions = {
  readonly uid?: string
}

export type PreferAvoidPodsEntry = {
  readonly podSignature: PodSignature
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly evictionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type PreferredSchedulingTerm = {
  /** Whole number (int32). */
  readonly weight: number
  readonly preference: NodeSelectorTerm
}

export type Probe = {
  readonly exec?: ExecAction
  readonly httpGet?: HTTPGetAction
  readonly tcpSocket?: TCPSocketAction
  readonly grpc?: GRPCAction
  /** Whole number (int32). */
  readonly initialDelaySeconds?: number
  /** Whole number (int32). */
  readonly timeoutSeconds?: number
  /** Whole number (int32). */
  readonly periodSeconds?: number
  /** Whole number (int32). */
  readonly successThreshold?: number
  /** Whole number (int32). */
  readonly failureThreshold?: number
  /** Whole number (int64). */
  readonly terminationGracePeriodSeconds?: number
}

export type ProbeHandler = {
  readonly exec?: ExecAction
  readonly httpGet?: HTTPGetAction
  readonly tcpSocket?: TCPSocketAction
  readonly grpc?: GRPCAction
}

export type ProjectedVolumeSource = {
  readonly sources?: readonly VolumeProjection[] | null
  /** Whole number (int32). */
  readonly defaultMode?: number
}

export type QuobyteVolumeSource = {
  readonly registry: string
  readonly volume: string
  readonly readOnly?: boolean
  readonly user?: string
  readonly group?: string
  readonly tenant?: string
}

export type RBDPersistentVolumeSource = {
  readonly monitors: readonly string[]
  readonly image: string
  readonly fsType?: string
  /** Default: `"rbd"`. */
  readonly pool?: string
  /** Default: `"admin"`. */
  readonly user?: string
  /** Default: `"/etc/ceph/keyring"`. */
  readonly keyring?: string
  readonly secretRef?: SecretReference
  readonly readOnly?: boolean
}

export type RBDVolumeSource = {
  readonly monitors: readonly string[]
  readonly image: string
  readonly fsType?: string
  /** Default: `"rbd"`. */
  readonly pool?: string
  /** Default: `"admin"`. */
  readonly user?: string
  /** Default: `"/etc/ceph/keyring"`. */
  readonly keyring?: string
  readonly secretRef?: LocalObjectReference
  readonly readOnly?: boolean
}

export type RangeAllocation = {
  readonly kind?: 'RangeAllocation'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly range: string
  /** Bytes in base64. */
  readonly data: string
}

export type ReplicationController = {
  readonly kind?: 'ReplicationController'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ReplicationControllerSpec
  readonly status?: ReplicationControllerStatus
}

export type ReplicationControllerCondition = {
  readonly type: 'ReplicaFailure' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
  readonly reason?: string
  readonly message?: string
}

export type ReplicationControllerSpec = {
  /** Whole number (int32). At least 0. Default: `1`. */
  readonly replicas?: number
  /** Whole number (int32). At least 0. Default: `0`. */
  readonly minReadySeconds?: number
  readonly selector?: { readonly [key: string]: string }
  readonly template?: PodTemplateSpec
}

export type ReplicationControllerStatus = {
  /** Whole number (int32). */
  readonly replicas: number
  /** Whole number (int32). */
  readonly fullyLabeledReplicas?: number
  /** Whole number (int32). */
  readonly readyReplicas?: number
  /** Whole number (int32). */
  readonly availableReplicas?: number
  /** Whole number (int64). */
  readonly observedGeneration?: number
  /** One item for each `type`. */
  readonly conditions?: readonly ReplicationControllerCondition[]
}

export type ResourceClaim = {
  readonly name: string
  readonly request?: string
}

export type ResourceFieldSelector = {
  readonly containerName?: string
  readonly resource: string
  /** Quantity: `500m`, `1Gi`. */
  readonly divisor?: string
}

export type ResourceHealth = {
  readonly resourceID: string
  readonly health?: 'Healthy' | 'Unhealthy' | 'Unknown' | (string & {})
  readonly message?: string
}

export type ResourceQuota = {
  readonly kind?: 'ResourceQuota'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ResourceQuotaSpec
  readonly status?: ResourceQuotaStatus
}

export type ResourceQuotaSpec = {
  /** Quantity: `500m`, `1Gi`. */
  readonly hard?: { readonly [key: string]: string }
  readonly scopes?: readonly ('BestEffort' | 'CrossNamespacePodAffinity' | 'NotBestEffort' | 'NotTerminating' | 'PriorityClass' | 'Terminating' | 'VolumeAttributesClass')[]
  readonly scopeSelector?: ScopeSelector
}

export type ResourceQuotaStatus = {
  /** Quantity: `500m`, `1Gi`. */
  readonly hard?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly used?: { readonly [key: string]: string }
}

export type ResourceRequirements = {
  /** Quantity: `500m`, `1Gi`. */
  readonly limits?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly requests?: { readonly [key: string]: string }
  /** One item for each `name`. */
  readonly claims?: readonly ResourceClaim[]
}

export type ResourceStatus = {
  readonly name: 'cpu' | 'memory' | 'storage' | 'ephemeral-storage' | 'pods' | 'services' | 'replicationcontrollers' | 'resourcequotas' | 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'services.nodeports' | 'services.loadbalancers' | 'requests.cpu' | 'requests.memory' | 'requests.storage' | 'requests.ephemeral-storage' | 'limits.cpu' | 'limits.memory' | 'limits.ephemeral-storage' | (string & {})
  /** One item for each `resourceID`. */
  readonly resources?: readonly ResourceHealth[]
}

export type SELinuxOptions = {
  readonly user?: string
  readonly role?: string
  readonly type?: string
  readonly level?: string
}

export type ScaleIOPersistentVolumeSource = {
  readonly gateway: string
  readonly system: string
  readonly secretRef: SecretReference
  readonly sslEnabled?: boolean
  readonly protectionDomain?: string
  readonly storagePool?: string
  /** Default: `"ThinProvisioned"`. */
  readonly storageMode?: string
  readonly volumeName?: string
  /** Default: `"xfs"`. */
  readonly fsType?: string
  readonly readOnly?: boolean
}

export type ScaleIOVolumeSource = {
  readonly gateway: string
  readonly system: string
  readonly secretRef: LocalObjectReference
  readonly sslEnabled?: boolean
  readonly protectionDomain?: string
  readonly storagePool?: string
  /** Default: `"ThinProvisioned"`. */
  readonly storageMode?: string
  readonly volumeName?: string
  /** Default: `"xfs"`. */
  readonly fsType?: string
  readonly readOnly?: boolean
}

export type ScopeSelector = {
  readonly matchExpressions?: readonly ScopedResourceSelectorRequirement[]
}

export type ScopedResourceSelectorRequirement = {
  readonly scopeName: 'BestEffort' | 'CrossNamespacePodAffinity' | 'NotBestEffort' | 'NotTerminating' | 'PriorityClass' | 'Terminating' | 'VolumeAttributesClass'
  readonly operator: 'DoesNotExist' | 'Exists' | 'In' | 'NotIn'
  readonly values?: readonly string[]
}

export type SeccompProfile = {
  readonly type: 'Localhost' | 'RuntimeDefault' | 'Unconfined'
  readonly localhostProfile?: string
}

export type Secret = {
  readonly kind?: 'Secret'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly immutable?: boolean
  /** Bytes in base64. */
  readonly data?: { readonly [key: string]: string }
  readonly stringData?: { readonly [key: string]: string }
  readonly type?: 'Opaque' | 'kubernetes.io/service-account-token' | 'kubernetes.io/dockercfg' | 'kubernetes.io/dockerconfigjson' | 'kubernetes.io/basic-auth' | 'kubernetes.io/ssh-auth' | 'kubernetes.io/tls' | 'bootstrap.kubernetes.io/token' | (string & {})
}

export type SecretEnvSource = {
  readonly name?: string
  readonly optional?: boolean
}

export type SecretKeySelector = {
  readonly name?: string
  readonly key: string
  readonly optional?: boolean
}

export type SecretProjection = {
  readonly name?: string
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}

export type SecretReference = {
  readonly name?: string
  readonly namespace?: string
}

export type SecretVolumeSource = {
  readonly secretName?: string
  readonly items?: readonly KeyToPath[]
  /** Whole number (int32). */
  readonly defaultMode?: number
  readonly optional?: boolean
}

export type SecurityContext = {
  readonly capabilities?: Capabilities
  readonly privileged?: boolean
  readonly seLinuxOptions?: SELinuxOptions
  readonly windowsOptions?: WindowsSecurityContextOptions
  /** Whole number (int64). */
  readonly runAsUser?: number
  /** Whole number (int64). */
  readonly runAsGroup?: number
  readonly runAsNonRoot?: boolean
  readonly readOnlyRootFilesystem?: boolean
  readonly allowPrivilegeEscalation?: boolean
  readonly procMount?: 'Default' | 'Unmasked'
  readonly seccompProfile?: SeccompProfile
  readonly appArmorProfile?: AppArmorProfile
}

export type SerializedReference = {
  readonly kind?: 'SerializedReference'
  readonly apiVersion?: 'v1'
  readonly reference?: ObjectReference
}

export type Service = {
  readonly kind?: 'Service'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: ServiceSpec
  readonly status?: ServiceStatus
}

export type ServiceAccount = {
  readonly kind?: 'ServiceAccount'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ObjectMeta
  /** One item for each `name`. */
  readonly secrets?: readonly ObjectReference[]
  readonly imagePullSecrets?: readonly LocalObjectReference[]
  readonly automountServiceAccountToken?: boolean
}

export type ServiceAccountTokenProjection = {
  readonly audience?: string
  /** Whole number (int64). */
  readonly expirationSeconds?: number
  readonly path: string
}

export type ServicePort = {
  readonly name?: string
  /** Default: `"TCP"`. */
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP'
  readonly appProtocol?: string
  /** Whole number (int32). */
  readonly port: number
  /** Number, percentage (`25%`) or name. */
  readonly targetPort?: number | string
  /** Whole number (int32). */
  readonly nodePort?: number
}

export type ServiceProxyOptions = {
  readonly kind?: 'ServiceProxyOptions'
  readonly apiVersion?: 'v1'
  readonly path?: string
}

export type ServiceSpec = {
  /** One item for each `port` and `protocol`. */
  readonly ports?: readonly ServicePort[]
  readonly selector?: { readonly [key: string]: string }
  readonly clusterIP?: string
  readonly clusterIPs?: readonly string[]
  readonly type?: 'ClusterIP' | 'ExternalName' | 'LoadBalancer' | 'NodePort'
  readonly externalIPs?: readonly string[]
  readonly sessionAffinity?: 'ClientIP' | 'None'
  readonly loadBalancerIP?: string
  readonly loadBalancerSourceRanges?: readonly string[]
  readonly externalName?: string
  readonly externalTrafficPolicy?: 'Cluster' | 'Local'
  /** Whole number (int32). */
  readonly healthCheckNodePort?: number
  readonly publishNotReadyAddresses?: boolean
  readonly sessionAffinityConfig?: SessionAffinityConfig
  readonly ipFamilies?: readonly ('' | 'IPv4' | 'IPv6')[]
  readonly ipFamilyPolicy?: 'PreferDualStack' | 'RequireDualStack' | 'SingleStack'
  readonly allocateLoadBalancerNodePorts?: boolean
  readonly loadBalancerClass?: string
  readonly internalTrafficPolicy?: 'Cluster' | 'Local'
  readonly trafficDistribution?: string
}

export type ServiceStatus = {
  readonly loadBalancer?: LoadBalancerStatus
  /** One item for each `type`. */
  readonly conditions?: readonly metav1.Condition[]
}

export type SessionAffinityConfig = {
  readonly clientIP?: ClientIPConfig
}

export type SleepAction = {
  /** Whole number (int64). */
  readonly seconds: number
}

export type StorageOSPersistentVolumeSource = {
  readonly volumeName?: string
  readonly volumeNamespace?: string
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly secretRef?: ObjectReference
}

export type StorageOSVolumeSource = {
  readonly volumeName?: string
  readonly volumeNamespace?: string
  readonly fsType?: string
  readonly readOnly?: boolean
  readonly secretRef?: LocalObjectReference
}

export type Sysctl = {
  readonly name: string
  readonly value: string
}

export type TCPSocketAction = {
  /** Number, percentage (`25%`) or name. */
  readonly port: number | string
  readonly host?: string
}

export type Taint = {
  readonly key: string
  readonly value?: string
  readonly effect: 'NoExecute' | 'NoSchedule' | 'PreferNoSchedule'
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly timeAdded?: string
}

export type Toleration = {
  readonly key?: string
  readonly operator?: 'Equal' | 'Exists' | 'Gt' | 'Lt'
  readonly value?: string
  readonly effect?: 'NoExecute' | 'NoSchedule' | 'PreferNoSchedule'
  /** Whole number (int64). */
  readonly tolerationSeconds?: number
}

export type TopologySelectorLabelRequirement = {
  readonly key: string
  readonly values: readonly string[]
}

export type TopologySelectorTerm = {
  readonly matchLabelExpressions?: readonly TopologySelectorLabelRequirement[]
}

export type TopologySpreadConstraint = {
  /** Whole number (int32). */
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
  readonly labelSelector?: metav1.LabelSelector
  /** Whole number (int32). */
  readonly minDomains?: number
  readonly nodeAffinityPolicy?: 'Honor' | 'Ignore'
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore'
  readonly matchLabelKeys?: readonly string[]
}

export type TypedLocalObjectReference = {
  readonly apiGroup?: string
  readonly kind: string
  readonly name: string
}

export type TypedObjectReference = {
  readonly apiGroup?: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export type Volume = {
  readonly name: string
  readonly hostPath?: HostPathVolumeSource
  readonly emptyDir?: EmptyDirVolumeSource
  readonly gcePersistentDisk?: GCEPersistentDiskVolumeSource
  readonly awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource
  readonly gitRepo?: GitRepoVolumeSource
  readonly secret?: SecretVolumeSource
  readonly nfs?: NFSVolumeSource
  readonly iscsi?: ISCSIVolumeSource
  readonly glusterfs?: GlusterfsVolumeSource
  readonly persistentVolumeClaim?: PersistentVolumeClaimVolumeSource
  readonly rbd?: RBDVolumeSource
  readonly flexVolume?: FlexVolumeSource
  readonly cinder?: CinderVolumeSource
  readonly cephfs?: CephFSVolumeSource
  readonly flocker?: FlockerVolumeSource
  readonly downwardAPI?: DownwardAPIVolumeSource
  readonly fc?: FCVolumeSource
  readonly azureFile?: AzureFileVolumeSource
  readonly configMap?: ConfigMapVolumeSource
  readonly vsphereVolume?: VsphereVirtualDiskVolumeSource
  readonly quobyte?: QuobyteVolumeSource
  readonly azureDisk?: AzureDiskVolumeSource
  readonly photonPersistentDisk?: PhotonPersistentDiskVolumeSource
  readonly projected?: ProjectedVolumeSource
  readonly portworxVolume?: PortworxVolumeSource
  readonly scaleIO?: ScaleIOVolumeSource
  readonly storageos?: StorageOSVolumeSource
  readonly csi?: CSIVolumeSource
  readonly ephemeral?: EphemeralVolumeSource
  readonly image?: ImageVolumeSource
}

export type VolumeDevice = {
  readonly name: string
  readonly devicePath: string
}

export type VolumeMount = {
  readonly name: string
  readonly readOnly?: boolean
  readonly recursiveReadOnly?: 'Disabled' | 'IfPossible' | 'Enabled' | (string & {})
  readonly mountPath: string
  readonly subPath?: string
  readonly mountPropagation?: 'Bidirectional' | 'HostToContainer' | 'None'
  readonly subPathExpr?: string
}

export type VolumeMountStatus = {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: boolean
  readonly recursiveReadOnly?: 'Disabled' | 'IfPossible' | 'Enabled' | (string & {})
  readonly volumeStatus?: VolumeStatus
}

export type VolumeNodeAffinity = {
  readonly required?: NodeSelector
}

export type VolumeProjection = {
  readonly secret?: SecretProjection
  readonly downwardAPI?: DownwardAPIProjection
  readonly configMap?: ConfigMapProjection
  readonly serviceAccountToken?: ServiceAccountTokenProjection
  readonly clusterTrustBundle?: ClusterTrustBundleProjection
  readonly podCertificate?: PodCertificateProjection
}

export type VolumeResourceRequirements = {
  /** Quantity: `500m`, `1Gi`. */
  readonly limits?: { readonly [key: string]: string }
  /** Quantity: `500m`, `1Gi`. */
  readonly requests?: { readonly [key: string]: string }
}

export type VolumeSource = {
  readonly hostPath?: HostPathVolumeSource
  readonly emptyDir?: EmptyDirVolumeSource
  readonly gcePersistentDisk?: GCEPersistentDiskVolumeSource
  readonly awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource
  readonly gitRepo?: GitRepoVolumeSource
  readonly secret?: SecretVolumeSource
  readonly nfs?: NFSVolumeSource
  readonly iscsi?: ISCSIVolumeSource
  readonly glusterfs?: GlusterfsVolumeSource
  readonly persistentVolumeClaim?: PersistentVolumeClaimVolumeSource
  readonly rbd?: RBDVolumeSource
  readonly flexVolume?: FlexVolumeSource
  readonly cinder?: CinderVolumeSource
  readonly cephfs?: CephFSVolumeSource
  readonly flocker?: FlockerVolumeSource
  readonly downwardAPI?: DownwardAPIVolumeSource
  readonly fc?: FCVolumeSource
  readonly azureFile?: AzureFileVolumeSource
  readonly configMap?: ConfigMapVolumeSource
  readonly vsphereVolume?: VsphereVirtualDiskVolumeSource
  readonly quobyte?: QuobyteVolumeSource
  readonly azureDisk?: AzureDiskVolumeSource
  readonly photonPersistentDisk?: PhotonPersistentDiskVolumeSource
  readonly projected?: ProjectedVolumeSource
  readonly portworxVolume?: PortworxVolumeSource
  readonly scaleIO?: ScaleIOVolumeSource
  readonly storageos?: StorageOSVolumeSource
  readonly csi?: CSIVolumeSource
  readonly ephemeral?: EphemeralVolumeSource
  readonly image?: ImageVolumeSource
}

export type VolumeStatus = {
  readonly image?: ImageVolumeStatus
}

export type VsphereVirtualDiskVolumeSource = {
  readonly volumePath: string
  readonly fsType?: string
  readonly storagePolicyName?: string
  readonly storagePolicyID?: string
}

export type WeightedPodAffinityTerm = {
  /** Whole number (int32). */
  readonly weight: number
  readonly podAffinityTerm: PodAffinityTerm
}

export type WindowsSecurityContextOptions = {
  readonly gmsaCredentialSpecName?: string
  readonly gmsaCredentialSpec?: string
  readonly runAsUserName?: string
  readonly hostProcess?: boolean
}

export type ComponentStatusList = {
  readonly kind?: 'ComponentStatusList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ComponentStatus[]
}

export type ConfigMapList = {
  readonly kind?: 'ConfigMapList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ConfigMap[]
}

export type EndpointsList = {
  readonly kind?: 'EndpointsList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Endpoints[]
}

export type EventList = {
  readonly kind?: 'EventList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Event[]
}

export type LimitRangeList = {
  readonly kind?: 'LimitRangeList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly LimitRange[]
}

export type NamespaceList = {
  readonly kind?: 'NamespaceList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Namespace[]
}

export type NodeList = {
  readonly kind?: 'NodeList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Node[]
}

export type PersistentVolumeClaimList = {
  readonly kind?: 'PersistentVolumeClaimList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PersistentVolumeClaim[]
}

export type PersistentVolumeList = {
  readonly kind?: 'PersistentVolumeList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PersistentVolume[]
}

export type PodList = {
  readonly kind?: 'PodList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Pod[]
}

export type PodTemplateList = {
  readonly kind?: 'PodTemplateList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly PodTemplate[]
}

export type ReplicationControllerList = {
  readonly kind?: 'ReplicationControllerList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ReplicationController[]
}

export type ResourceQuotaList = {
  readonly kind?: 'ResourceQuotaList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ResourceQuota[]
}

export type SecretList = {
  readonly kind?: 'SecretList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Secret[]
}

export type ServiceAccountList = {
  readonly kind?: 'ServiceAccountList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly ServiceAccount[]
}

export type ServiceList = {
  readonly kind?: 'ServiceList'
  readonly apiVersion?: 'v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly Service[]
}

/** Binding, in namespaces. */
export const bindings: Resource<Binding> = { group: '', version: 'v1', plural: 'bindings', kind: 'Binding', namespaced: true }

/** ComponentStatus, of the cluster. Short: `cs`. */
export const componentstatuses: Resource<ComponentStatus> = { group: '', version: 'v1', plural: 'componentstatuses', kind: 'ComponentStatus', namespaced: false }

/** ConfigMap, in namespaces. Short: `cm`. */
export const configmaps: Resource<ConfigMap> = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true }

/** Endpoints, in namespaces. Short: `ep`. */
export const endpoints: Resource<Endpoints> = { group: '', version: 'v1', plural: 'endpoints', kind: 'Endpoints', namespaced: true }

/** Event, in namespaces. Short: `ev`. */
export const events: Resource<Event> = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true }

/** LimitRange, in namespaces. Short: `limits`. */
export const limitranges: Resource<LimitRange> = { group: '', version: 'v1', plural: 'limitranges', kind: 'LimitRange', namespaced: true }

/** Namespace, of the cluster. Short: `ns`. Subresources: `finalize` and `status`. */
export const namespaces: Resource<Namespace> = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false }

/** Node, of the cluster. Short: `no`. Subresources: `proxy` and `status`. */
export const nodes: Resource<Node> = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false }

/** PersistentVolumeClaim, in namespaces. Short: `pvc`. Subresources: `status`. */
export const persistentvolumeclaims: Resource<PersistentVolumeClaim> = { group: '', version: 'v1', plural: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', namespaced: true }

/** PersistentVolume, of the cluster. Short: `pv`. Subresources: `status`. */
export const persistentvolumes: Resource<PersistentVolume> = { group: '', version: 'v1', plural: 'persistentvolumes', kind: 'PersistentVolume', namespaced: false }

/** Pod, in namespaces. Short: `po`. Subresources: `attach`, `binding`, `ephemeralcontainers`, `eviction`, `exec`, `log`, `portforward`, `proxy`, `resize` and `status`. */
export const pods: Resource<Pod> = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }

/** PodTemplate, in namespaces. */
export const podtemplates: Resource<PodTemplate> = { group: '', version: 'v1', plural: 'podtemplates', kind: 'PodTemplate', namespaced: true }

/** ReplicationController, in namespaces. Short: `rc`. Subresources: `scale` and `status`. */
export const replicationcontrollers: Resource<ReplicationController> = { group: '', version: 'v1', plural: 'replicationcontrollers', kind: 'ReplicationController', namespaced: true }

/** ResourceQuota, in namespaces. Short: `quota`. Subresources: `status`. */
export const resourcequotas: Resource<ResourceQuota> = { group: '', version: 'v1', plural: 'resourcequotas', kind: 'ResourceQuota', namespaced: true }

/** Secret, in namespaces. */
export const secrets: Resource<Secret> = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true }

/** ServiceAccount, in namespaces. Short: `sa`. Subresources: `token`. */
export const serviceaccounts: Resource<ServiceAccount> = { group: '', version: 'v1', plural: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true }

/** Service, in namespaces. Short: `svc`. Subresources: `proxy` and `status`. */
export const services: Resource<Service> = { group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true }
