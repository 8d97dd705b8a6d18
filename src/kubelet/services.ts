import type { ResourceList } from '#machinery'
import type { Clock, Logger, Tracer } from '#base'
import type { Pod, Service } from '#api/core/v1'
import type { Allocations } from './allocation/allocations.ts'
import type { ResourcePolicy } from './containers/resources.ts'
import type { SecurityPolicy } from './containers/security.ts'
import type { ImageManager } from './images/manager.ts'
import type { ObjectCache } from './objects/cache.ts'
import type { TokenCache } from './objects/tokens.ts'
import type { AgentMetrics } from './metrics/agent-metrics.ts'
import type { KeyedBackoff } from './pods/backoff.ts'
import type { ResourceManagers } from './resources/managers.ts'
import type { ProbeManager } from './probes/manager.ts'
import type { RecordEvent } from './record-event.ts'
import type { RuntimeCache } from './runtime/cache.ts'
import type { DnsConfig } from './runtime/records.ts'
import type { ContainerRuntime } from './runtime/runtime.ts'
import type { Measures } from './seams/measures.ts'
import type { PodCgroups } from './seams/cgroups.ts'
import type { PodFiles } from './seams/pod-files.ts'
import type { ProbeNetwork } from './seams/probe-network.ts'
import type { VolumeFiles } from './seams/volume-files.ts'
import type { PodVerdict } from './status/generate.ts'
import type { StatusManager } from './status/manager.ts'
import type { UserRanges } from './userns/ranges.ts'
import type { VolumeManager } from './volumes/manager.ts'

/** Where containers' logs lie. */
export interface LogFolders {
  /** Of all pods: `/var/log/pods`. */
  readonly pods: string
}

/** What a pod's worker works with: the parts of one node agent. */
export interface NodeServices {
  readonly clock: Clock
  readonly log: Logger
  readonly record: RecordEvent
  readonly metrics: AgentMetrics
  /** Tells how long work on pods takes (KEP-2831); nobody listens when absent. */
  readonly tracer: Tracer | undefined
  readonly runtime: ContainerRuntime
  /** The runtime's name, in container ids. */
  readonly runtimeName: () => string
  readonly cache: RuntimeCache
  /** A container was just put into the cache. */
  readonly noticed: (containerId: string) => void
  readonly files: PodFiles
  readonly cgroups: PodCgroups
  readonly measures: Measures
  readonly network: ProbeNetwork
  readonly volumeFiles: VolumeFiles
  readonly volumes: VolumeManager
  readonly images: ImageManager
  readonly objects: ObjectCache
  readonly tokens: TokenCache
  readonly probes: ProbeManager
  readonly statuses: StatusManager
  readonly crashBackoff: KeyedBackoff
  readonly allocations: Allocations
  readonly userRanges: UserRanges
  /** Who gives containers CPUs and devices. */
  readonly managers: ResourceManagers
  readonly logFolders: LogFolders
  readonly clusterDomain: string
  readonly clusterDns: readonly string[]
  readonly hostDns: () => DnsConfig | undefined
  readonly resources: () => ResourcePolicy
  readonly security: SecurityPolicy
  readonly allocatable: () => ResourceList
  /** Addresses of the node, the primary one first. */
  readonly hostIPs: () => readonly string[]
  /** Every service; `undefined` until they have been read. */
  readonly serviceList: () => Iterable<Service> | undefined
  readonly runtimeHandler: (pod: Pod) => Promise<string>
  /** The handler can mount read-only to the depth. */
  readonly mountsReadOnlyRecursively: (handler: string) => boolean
  /** Why pods can't have a network yet, `undefined` when they can. */
  readonly networkProblem: () => string | undefined
  /** Processes that a pod may have at most, besides what the node has. */
  readonly podPidsLimit: number | undefined
  /** Ends a pod before its time: past its deadline, evicted. */
  readonly verdict: (pod: Pod) => PodVerdict | undefined
}
