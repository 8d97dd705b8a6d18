export { createScheduler } from './scheduler.ts'
export type { Scheduler, SchedulerOptions } from './options.ts'
export type { Decision, Placed, Refused, Victim } from './decisions/decision.ts'
export { decisionDocument } from './decisions/document.ts'
export type { AttemptDocument, SchedulingDecision, VerdictGroup, Verdicts } from './decisions/document.ts'
export type { Explanation, NodeGroup } from './decisions/explain.ts'
export type { Change, SmallestChange } from './decisions/smallest-change.ts'
export type { PluginScore } from './cycle/rank-nodes.ts'
export type { Status, StatusCode } from './framework/status.ts'
export { unresolvable, unschedulable } from './framework/status.ts'
export type {
  PermitOutcome,
  PerNode,
  Plugin,
  PluginContext,
  PluginFactory,
  PluginRegistry,
  PostFilterResult,
  PreFilterOutcome,
} from './framework/plugin.ts'
export type { CycleState, StateKey } from './framework/cycle-state.ts'
export type { ClusterEvent, EventAction, EventRegistration, EventResource, QueueingHint } from './framework/events.ts'
export type { NodeInfo } from './cache/node-info.ts'
export type { PodInfo } from './cache/pod-info.ts'
export type {
  ExtenderConfig,
  PluginConfig,
  PluginSet,
  PluginsConfig,
  ProfileConfig,
  SchedulerConfig,
} from './config/types.ts'
export { readSchedulerConfiguration } from './config/load.ts'
export { ConfigError } from './config/types.ts'
export type { ExtenderCall } from './extenders/extender.ts'
