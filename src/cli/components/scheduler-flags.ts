import type { FlagSet } from '../flags/flag.ts'
import { duration, optional } from '../flags/kinds.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import {
  clientFlags,
  delegatedFlags,
  featureFlags,
  leaderElectionFlags,
  logFlags,
  servingFlags,
  toleratedClientFlags,
  toleratedDelegatedFlags,
  tolerate,
  toleratedLogFlags,
  toleratedServingFlags,
} from './common.ts'
import type {
  ClientFlags,
  DelegatedFlags,
  FeatureFlags,
  LeaderElectionFlags,
  LogFlags,
  ServingFlags,
} from './common.ts'

export interface SchedulerFlags
  extends ClientFlags, DelegatedFlags, FeatureFlags, LeaderElectionFlags, LogFlags, ServingFlags {
  readonly config: string | undefined
  readonly 'pod-max-in-unschedulable-pods-duration': number
}

export const schedulerFlags: FlagSet<SchedulerFlags> = {
  config: optional('KubeSchedulerConfiguration; what it says goes before flags.', 'file'),
  ...clientFlags,
  'pod-max-in-unschedulable-pods-duration': duration(
    300_000,
    'How long a pod that fits nowhere waits before it is tried again anyway.',
  ),
  ...leaderElectionFlags('kube-scheduler'),
  ...servingFlags(10_259),
  ...delegatedFlags,
  ...featureFlags,
  ...logFlags,
}

export const toleratedSchedulerFlags: ToleratedFlags = tolerate(
  toleratedLogFlags,
  toleratedServingFlags,
  toleratedDelegatedFlags,
  toleratedClientFlags,
  {
    toggles: [],
    values: ['leader-elect-resource-lock'],
  },
)
