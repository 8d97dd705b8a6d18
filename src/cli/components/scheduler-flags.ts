import type { FlagSet } from '../flags/flag.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import {
  clientFlags,
  featureFlags,
  leaderElectionFlags,
  logFlags,
  toleratedClientFlags,
  toleratedDelegatedFlags,
  tolerate,
  toleratedLogFlags,
  toleratedServingFlags,
  unservedFlags,
} from './common.ts'
import type { ClientFlags, FeatureFlags, LeaderElectionFlags, LogFlags } from './common.ts'

export interface SchedulerFlags extends ClientFlags, FeatureFlags, LeaderElectionFlags, LogFlags {}

export const schedulerFlags: FlagSet<SchedulerFlags> = {
  ...clientFlags,
  ...leaderElectionFlags('kube-scheduler'),
  ...featureFlags,
  ...logFlags,
}

export const toleratedSchedulerFlags: ToleratedFlags = tolerate(
  toleratedLogFlags,
  toleratedServingFlags,
  toleratedDelegatedFlags,
  unservedFlags,
  toleratedClientFlags,
  {
    toggles: [],
    values: ['leader-elect-resource-lock', 'pod-max-in-unschedulable-pods-duration'],
  },
)
