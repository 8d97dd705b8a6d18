import type { Clock, Logger, Tracer } from '#base'
import type { Pod, Service } from '#api/core/v1'
import type { Client } from '#client'
import type { KubeletConfiguration } from '../config/configuration.ts'
import type { ConfiguredProviders } from '../credentials/plugins.ts'
import type { Logins } from '../images/logins.ts'
import type { PullRecords } from '../images/pull-records.ts'
import type { NodeState } from '../node/node-state.ts'
import type { PodWorkers } from '../pods/workers.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { RuntimeState } from '../runtime/state.ts'
import type { NodeHost } from '../seams/node-host.ts'
import type { RecordEvent } from '../record-event.ts'
import type { PodVerdict } from '../status/generate.ts'
import type { VolumePlugin } from '../volumes/plugin.ts'

/** What the parts of an agent are made from. */
export interface PartsOptions {
  readonly client: Client
  /** There is no API. */
  readonly isStandalone: boolean
  readonly runtime: ContainerRuntime
  readonly host: NodeHost
  readonly tracer?: Tracer | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly config: KubeletConfiguration
  readonly nodeName: string
  readonly record: RecordEvent
  readonly volumePlugins: readonly VolumePlugin[]
  readonly followObjects: boolean
  readonly relistMs: { readonly withEvents: number; readonly without: number }
  readonly sandboxSeccomp: string | undefined
  readonly pullRecords: PullRecords
  readonly credentialProviders?: ConfiguredProviders
  readonly nodeLogins?: () => Promise<Logins>
  readonly node: NodeState
  readonly runtimeState: RuntimeState
  readonly serviceList: () => Iterable<Service> | undefined
  /** The mirror pod of a static pod, `undefined` while there is none. */
  readonly mirrorOf: (pod: Pod) => Pod | undefined
  /** Why a pod was evicted. */
  readonly evicted: (uid: string) => PodVerdict | undefined
  /** A pod was granted another size. */
  readonly resized: () => void
  /** The node has more or less of a device. */
  readonly devicesChanged: () => void
  /** Asked only while the agent runs: workers need the parts, and the parts the workers. */
  readonly workers: () => PodWorkers
}
