import type { ImageSpec } from './images.ts'

/** The records of CRI v1, in its own field names. What is absent has CRI's zero value. */

export interface StringMap {
  readonly [key: string]: string
}

export interface RuntimeVersion {
  readonly version: string
  readonly runtimeName: string
  readonly runtimeVersion: string
  readonly runtimeApiVersion: string
}

export interface RuntimeCondition {
  readonly type: 'RuntimeReady' | 'NetworkReady' | (string & {})
  readonly status: boolean
  readonly reason?: string
  readonly message?: string
}

export interface RuntimeHandler {
  readonly name: string
  readonly recursiveReadOnlyMounts: boolean
  readonly userNamespaces: boolean
}

export interface RuntimeStatus {
  readonly conditions: readonly RuntimeCondition[]
  readonly handlers: readonly RuntimeHandler[]
  readonly features?: { readonly supplementalGroupsPolicy: boolean }
}

export type NamespaceMode = 'pod' | 'container' | 'node' | 'target'

export interface IdMapping {
  readonly hostId: number
  readonly containerId: number
  readonly length: number
}

export interface NamespaceOptions {
  readonly network?: NamespaceMode
  readonly pid?: NamespaceMode
  readonly ipc?: NamespaceMode
  /** Container whose PID namespace is shared, for mode `target`. */
  readonly targetId?: string
  readonly usernsOptions?: {
    readonly mode?: NamespaceMode
    readonly uids?: readonly IdMapping[]
    readonly gids?: readonly IdMapping[]
  }
}

export interface SecurityProfile {
  readonly profileType: 'RuntimeDefault' | 'Unconfined' | 'Localhost'
  readonly localhostRef?: string
}

export interface SELinuxOption {
  readonly user?: string
  readonly role?: string
  readonly type?: string
  readonly level?: string
}

export interface SandboxSecurityContext {
  readonly namespaceOptions?: NamespaceOptions
  readonly selinuxOptions?: SELinuxOption
  readonly runAsUser?: number
  readonly runAsGroup?: number
  readonly readonlyRootfs?: boolean
  readonly supplementalGroups?: readonly number[]
  readonly supplementalGroupsPolicy?: 'Merge' | 'Strict'
  readonly privileged?: boolean
  readonly seccomp?: SecurityProfile
}

export interface ContainerResources {
  readonly cpuPeriod?: number
  readonly cpuQuota?: number
  readonly cpuShares?: number
  readonly memoryLimitInBytes?: number
  readonly oomScoreAdj?: number
  readonly cpusetCpus?: string
  readonly cpusetMems?: string
  readonly hugepageLimits?: readonly { readonly pageSize: string; readonly limit: number }[]
  readonly unified?: StringMap
  readonly memorySwapLimitInBytes?: number
}

export interface DnsConfig {
  readonly servers: readonly string[]
  readonly searches: readonly string[]
  readonly options: readonly string[]
}

export interface PortMapping {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  readonly containerPort: number
  readonly hostPort?: number
  readonly hostIp?: string
}

export interface PodSandboxMetadata {
  readonly name: string
  readonly uid: string
  readonly namespace: string
  readonly attempt: number
}

export interface PodSandboxConfig {
  readonly metadata: PodSandboxMetadata
  readonly hostname?: string
  readonly logDirectory: string
  readonly dnsConfig?: DnsConfig
  readonly portMappings?: readonly PortMapping[]
  readonly labels: StringMap
  readonly annotations: StringMap
  readonly linux: {
    readonly cgroupParent: string
    readonly securityContext: SandboxSecurityContext
    readonly sysctls?: StringMap
    readonly overhead?: ContainerResources
    readonly resources?: ContainerResources
  }
}

export type SandboxState = 'ready' | 'notready'

export interface PodSandbox {
  readonly id: string
  readonly metadata: PodSandboxMetadata
  readonly state: SandboxState
  readonly createdAt: number
  readonly labels: StringMap
  readonly annotations: StringMap
  readonly runtimeHandler?: string
}

export interface PodSandboxStatus extends PodSandbox {
  /** Addresses of the pod, the primary one first; absent when the runtime says nothing about the network. */
  readonly ips?: readonly string[]
  readonly network: NamespaceMode
}

export interface PodSandboxFilter {
  readonly id?: string
  readonly state?: SandboxState
  readonly labelSelector?: StringMap
}

export interface Mount {
  readonly containerPath: string
  readonly hostPath?: string
  readonly readonly?: boolean
  readonly selinuxRelabel?: boolean
  readonly propagation?: 'private' | 'hostToContainer' | 'bidirectional'
  readonly uidMappings?: readonly IdMapping[]
  readonly gidMappings?: readonly IdMapping[]
  readonly recursiveReadOnly?: boolean
  readonly image?: ImageSpec
  readonly imageSubPath?: string
}

export interface ContainerSecurityContext {
  readonly capabilities?: {
    readonly addCapabilities?: readonly string[]
    readonly dropCapabilities?: readonly string[]
  }
  readonly privileged?: boolean
  readonly namespaceOptions?: NamespaceOptions
  readonly selinuxOptions?: SELinuxOption
  readonly runAsUser?: number
  readonly runAsGroup?: number
  readonly runAsUsername?: string
  readonly readonlyRootfs?: boolean
  readonly supplementalGroups?: readonly number[]
  readonly supplementalGroupsPolicy?: 'Merge' | 'Strict'
  readonly noNewPrivs?: boolean
  readonly maskedPaths?: readonly string[]
  readonly readonlyPaths?: readonly string[]
  readonly seccomp?: SecurityProfile
  readonly apparmor?: SecurityProfile
  /** The same in the form that runtimes before CRI's `apparmor` field read. */
  readonly apparmorProfile?: string
}

export interface ContainerMetadata {
  readonly name: string
  readonly attempt: number
}

export interface EnvironmentVariable {
  readonly key: string
  readonly value: string
}

export interface ContainerConfig {
  readonly metadata: ContainerMetadata
  readonly image: ImageSpec
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly workingDir?: string
  readonly envs: readonly EnvironmentVariable[]
  readonly mounts: readonly Mount[]
  readonly devices?: readonly {
    readonly containerPath: string
    readonly hostPath: string
    readonly permissions: string
  }[]
  readonly labels: StringMap
  readonly annotations: StringMap
  /** Below the sandbox's log directory. */
  readonly logPath: string
  readonly stdin?: boolean
  readonly stdinOnce?: boolean
  readonly tty?: boolean
  readonly linux: { readonly resources: ContainerResources; readonly securityContext: ContainerSecurityContext }
  readonly cdiDevices?: readonly { readonly name: string }[]
}

export type ContainerState = 'created' | 'running' | 'exited' | 'unknown'

export interface ContainerListing {
  readonly id: string
  readonly podSandboxId: string
  readonly metadata: ContainerMetadata
  readonly image: ImageSpec
  readonly imageRef: string
  readonly state: ContainerState
  readonly createdAt: number
  readonly labels: StringMap
  readonly annotations: StringMap
}

export interface ContainerStatus {
  readonly id: string
  readonly metadata: ContainerMetadata
  readonly state: ContainerState
  readonly createdAt: number
  readonly startedAt: number
  readonly finishedAt: number
  readonly exitCode: number
  readonly image: ImageSpec
  readonly imageRef: string
  readonly imageId?: string
  readonly reason?: string
  readonly message?: string
  readonly labels: StringMap
  readonly annotations: StringMap
  readonly mounts: readonly Mount[]
  readonly logPath: string
  readonly resources?: ContainerResources
  readonly user?: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] }
}

export interface ContainerFilter {
  readonly id?: string
  readonly state?: ContainerState
  readonly podSandboxId?: string
  readonly labelSelector?: StringMap
}

export interface ExecResult {
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly exitCode: number
}

export interface AttachRequest {
  readonly containerId: string
  readonly tty: boolean
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
}

export interface ExecRequest extends AttachRequest {
  readonly command: readonly string[]
}

export interface ContainerStats {
  readonly id: string
  readonly name: string
  readonly labels: StringMap
  readonly writableLayer?: { readonly timestamp: number; readonly usedBytes: number; readonly inodesUsed: number }
}

export interface RuntimeEvent {
  /** Id of a container, or of a sandbox. */
  readonly id: string
  /** `exited`: its process is gone, of which the runtime has yet to take note; `stopped` when it has, or is about to. */
  readonly type: 'created' | 'started' | 'exited' | 'stopped' | 'deleted' | 'oom'
  /** When it happened, milliseconds since 1970, where the runtime tells. */
  readonly at?: number
}

/** Who makes cgroups: systemd, asked to, or whoever writes into their file system. */
export type CgroupDriver = 'systemd' | 'cgroupfs'
