import type { FlagSet } from '../flags/flag.ts'
import { absentIfEmpty } from '../flags/kinds.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import {
  clientFlags,
  componentServingFlags,
  featureFlags,
  leaderElectionFlags,
  logFlags,
  toleratedClientFlags,
  toleratedDelegatedFlags,
  tolerate,
  toleratedLogFlags,
  toleratedProfiling,
  toleratedServingFlags,
  unservedFlags,
} from './common.ts'
import type { ClientFlags, ComponentServingFlags, FeatureFlags, LeaderElectionFlags, LogFlags } from './common.ts'

export interface SchedulerFlags
  extends ClientFlags, ComponentServingFlags, FeatureFlags, LeaderElectionFlags, LogFlags {
  readonly config: string | undefined
}

export const schedulerFlags: FlagSet<SchedulerFlags> = {
  config: absentIfEmpty('KubeSchedulerConfiguration; flags about the lease that are given go before it.', 'file'),
  ...clientFlags,
  ...componentServingFlags(10_259),
  ...leaderElectionFlags('kube-scheduler'),
  ...featureFlags,
  ...logFlags,
}

export const toleratedSchedulerFlags: ToleratedFlags = tolerate(
  toleratedLogFlags,
  toleratedServingFlags,
  toleratedProfiling,
  toleratedDelegatedFlags,
  unservedFlags,
  toleratedClientFlags,
  {
    toggles: [],
    values: ['leader-elect-resource-lock', 'pod-max-in-unschedulable-pods-duration'],
  },
)
