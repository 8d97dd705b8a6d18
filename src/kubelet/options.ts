import type { Clock, Logger, Tracer } from '#base'
import type { Service, Taint } from '#api/core/v1'
import type { Client, EventRecorder } from '#client'
import type { KubeletConfiguration } from './config/configuration.ts'
import type { ConfiguredProviders } from './credentials/plugins.ts'
import type { Logins } from './images/logins.ts'
import type { PullRecordsOptions } from './images/pull-records.ts'
import type { PodSource } from './pods/workers.ts'
import type { ContainerRuntime } from './runtime/runtime.ts'
import type { ValidatePod } from './static/static-pod.ts'
import type { NodeHost } from './seams/node-host.ts'
import type { VolumePlugin } from './volumes/plugin.ts'

/** What an agent is made from. */
export interface KubeletOptions {
  /**
   * Without a client there is no API: the agent runs the pods of its manifests and tells nobody of them (standalone mode).
   */
  readonly client?: Client
  /** For events and for what tells that the node lives, where `client` holds requests back; `client` when absent. */
  readonly unpacedClient?: Client
  readonly runtime: ContainerRuntime
  readonly host: NodeHost
  /** Tells how long work on pods takes; nobody is told when absent. */
  readonly tracer?: Tracer | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly config: KubeletConfiguration
  readonly nodeName: string
  /** Name under which the machine is known; the node's when absent. */
  readonly hostname?: string
  /** What the node calls its version: `v1.36.2`. */
  readonly version: string
  /** Port of the agent's own server, once it listens. */
  readonly port: () => number
  readonly labels?: { readonly [key: string]: string }
  readonly taints?: readonly Taint[]
  readonly volumePlugins?: readonly VolumePlugin[]
  /** Records events; one of its own when absent. */
  readonly recorder?: EventRecorder
  /** Pods of this node, from an informer that somebody else runs; one of its own when absent. */
  readonly pods?: SyncedPods
  readonly services?: SyncedServices
  /** Follows config maps and secrets that pods show; without, they are read when a pod starts. */
  readonly followObjects?: boolean
  /** Milliseconds between two comparisons of the runtime's lists, with events from the runtime and without. */
  readonly relistMs?: { readonly withEvents: number; readonly without: number }
  /** Sandboxes and containers that the runtime makes or starts at the same time; as many as there are when absent. */
  readonly startsAtOnce?: number
  /** File of a seccomp profile that fits the runtime's sandbox image; sandboxes get the runtime's own one when absent. */
  readonly sandboxSeccomp?: string
  /** What is known of pulls, as a former run has saved it; it goes with the agent when absent. */
  readonly pulls?: Pick<PullRecordsOptions, 'before' | 'save'>
  /** The API's rules for pods of manifests; they need no more than containers when absent. */
  readonly validatePod?: ValidatePod
  /** Programs that know credentials of registries; none when absent. */
  readonly credentialProviders?: ConfiguredProviders
  /** Cgroup of the container runtime, of which the summary tells; of none when absent. */
  readonly runtimeCgroups?: string
  /** What the machine itself knows of registries; nothing when absent. */
  readonly nodeLogins?: () => Promise<Logins>
}

export interface SyncedPods extends PodSource {
  synced(signal?: AbortSignal): Promise<void>
}

export interface SyncedServices {
  hasSynced(): boolean
  readonly lister: { list(): Iterable<Service> }
}
