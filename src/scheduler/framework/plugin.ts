import type { Clock, Logger } from '#base'
import type { Pod } from '#api/core/v1'
import type { Client, InformerFactory } from '#client'
import type { Cache } from '../cache/cache.ts'
import type { NodeInfo } from '../cache/node-info.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import type { Victim } from '../decisions/decision.ts'
import type { Extender } from '../extenders/extender.ts'
import type { Nominator } from '../queue/nominator.ts'
import type { QueuedPod } from '../queue/queued-pod.ts'
import type { FilterColumn, ScoreColumn } from './columns.ts'
import type { CycleState } from './cycle-state.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { EventRegistration } from './events.ts'
import type { Framework } from './framework.ts'
import type { Status } from './status.ts'

/** Scores reach from 0 to this after normalizing. */
export const maxNodeScore = 100

/** What PreFilter found out before any node was looked at. */
export interface PreFilterOutcome {
  /** No node will do. */
  readonly status?: Status
  /** Filter has nothing to say about this pod. */
  readonly skip?: boolean
  /** Only these nodes may do. */
  readonly nodeNames?: ReadonlySet<string>
}

/**
 * What a verdict or score hangs on, for plugins that look at one node at a time: then it is computed once for all pods
 * with the same key, and again only for nodes that changed.
 */
export interface PerNode {
  /** `node`: the node's own object. `pods`: the pods on it as well. */
  readonly on: 'node' | 'pods'
  /** Equal for pods that get the same answer of every node. */
  key(pod: PodInfo): string
  /** Everything is computed anew when this number moves. */
  epoch?(): number
}

/** What PostFilter achieved. */
export interface PostFilterResult {
  /** The node on which the pod will have room soon; empty clears what was nominated; absent leaves it. */
  readonly nominatedNode?: string
  /** Who goes for it. */
  readonly victims?: readonly Victim[]
  readonly status?: Status
}

/** How long a pod may be held in Permit, or why it may not go. */
export type PermitOutcome = { readonly waitMs: number } | { readonly status: Status }

/**
 * A scheduling plugin. It takes part at the extension points whose methods it has; see
 * https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework/. Methods up to Reserve must not wait:
 * one pod is decided at a time. `undefined` means success.
 */
export interface Plugin {
  readonly name: string
  /** What may reverse this plugin's rejections. Without any, every event does. */
  readonly events?: readonly EventRegistration[]

  /** Holds a pod back from the queue. */
  preEnqueue?(pod: Pod): Status | undefined
  /** Order of the active queue: whether `a` goes before `b`. One plugin of a profile has it. */
  less?(a: QueuedPod, b: QueuedPod): boolean

  preFilter?(cycle: CycleState, pod: PodInfo): PreFilterOutcome | undefined
  /** Follows a pod that is thought to be on a node in addition, in what PreFilter wrote. */
  addPod?(cycle: CycleState, pod: PodInfo, added: PodInfo, node: NodeInfo): void
  /** Follows a pod that is thought to be gone from a node, in what PreFilter wrote. */
  removePod?(cycle: CycleState, pod: PodInfo, removed: PodInfo, node: NodeInfo): void
  filter?(cycle: CycleState, pod: PodInfo, node: NodeInfo): Status | undefined
  readonly filterPerNode?: PerNode
  /** Verdicts over all nodes at once, in place of {@link filter} where no pods are tried out. */
  filterColumn?(pod: PodInfo): FilterColumn
  /** Runs when no node passed: may make room. Waits only for what is outside of the scheduler. */
  postFilter?(
    cycle: CycleState,
    pod: PodInfo,
    diagnosis: Diagnosis,
    signal: AbortSignal,
  ): PostFilterResult | Promise<PostFilterResult>

  /** Prepares scoring; true when there is nothing to score for this pod. */
  preScore?(cycle: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): boolean
  score?(cycle: CycleState, pod: PodInfo, node: NodeInfo): number
  readonly scorePerNode?: PerNode
  /** Brings the first `count` scores into 0 to 100, in place. */
  normalize?(cycle: CycleState, pod: PodInfo, scores: Float64Array, count: number): void
  /** Scores over all feasible nodes at once, in place of {@link score}. */
  scoreColumn?(pod: PodInfo): ScoreColumn

  reserve?(cycle: CycleState, pod: PodInfo, node: string): Status | undefined
  /** Undoes Reserve; must not fail. */
  unreserve?(cycle: CycleState, pod: PodInfo, node: string): void
  permit?(cycle: CycleState, pod: PodInfo, node: string): PermitOutcome | undefined
  /** Whether {@link preBind} has anything to do; true when absent. */
  needsPreBind?(cycle: CycleState, pod: PodInfo): boolean
  preBind?(cycle: CycleState, pod: PodInfo, node: string, signal: AbortSignal): Promise<Status | undefined>
  /** Binds, or leaves it to the next plugin with `Skip`. */
  bind?(cycle: CycleState, pod: PodInfo, node: string, signal: AbortSignal): Promise<Status | undefined>
  postBind?(cycle: CycleState, pod: PodInfo, node: string): void
}

/** What a plugin is made with. */
export interface PluginContext {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly informers: Pick<InformerFactory, 'informer'>
  readonly cache: Cache
  readonly nominator: Nominator
  /** The framework that the plugin belongs to; there once all plugins are made. */
  readonly framework: () => Framework
  /** Puts pods back into the active queue, whatever they wait for. */
  readonly activate: (pods: readonly Pod[]) => void
  /** Takes a pod that Permit holds off its node; whether it was held. */
  readonly rejectWaiting: (uid: string, plugin: string, message: string) => boolean
  /** Extenders that have a say in who goes for other pods. */
  readonly extenders: readonly Extender[]
  /** Says what a plugin does on its own: `Preempted` on victims. */
  readonly recordEvent: (event: PluginEvent) => void
  /** The plugin's arguments of the profile's `pluginConfig`, defaults filled in. */
  readonly args: { readonly [name: string]: unknown }
}

export interface PluginEvent {
  readonly regarding: Pod
  readonly related?: Pod
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly action: string
  readonly note: string
}

/** Makes a plugin. @throws Error when the arguments make no sense. */
export type PluginFactory = (context: PluginContext) => Plugin

/** Plugins by name. */
export interface PluginRegistry {
  readonly [name: string]: PluginFactory
}
