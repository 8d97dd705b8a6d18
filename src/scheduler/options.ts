import type { Clock, Component, Logger } from '#base'
import type { Client, InformerFactory } from '#client'
import type { SchedulerConfig } from './config/types.ts'
import type { Explanation } from './decisions/explain.ts'
import type { ExtenderCall } from './extenders/extender.ts'
import type { PluginRegistry } from './framework/plugin.ts'

export interface SchedulerOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  /** Started by whoever owns it; scheduling begins once all that the scheduler asked for have synced. */
  readonly informers: Pick<InformerFactory, 'informer'>
  readonly config?: SchedulerConfig
  /** Plugins beyond those that come with the scheduler, for profiles to name. */
  readonly plugins?: PluginRegistry
  /** Where the scheduler runs, as its events tell. */
  readonly host?: string
  /** Reaches the extenders of the configuration; needed where there are any. */
  readonly callExtender?: ExtenderCall
  /** Bindings that may be under way at a time; 512 when absent. */
  readonly maxBindings?: number
}

/** Puts pods on nodes. */
export interface Scheduler extends Component {
  /** Pods that wait, by where. */
  readonly pending: { readonly active: number; readonly backoff: number; readonly unschedulable: number }
  /** Why a pod is where it is, or nowhere; `undefined` when the scheduler does not know it. */
  explain(uid: string): Explanation | undefined
}
