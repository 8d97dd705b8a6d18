import type { FlagSet } from '../flags/flag.ts'
import { blocks, decimal, duration, integer, list, absentIfEmpty, toggle } from '../flags/kinds.ts'
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
import { names } from './names.ts'
import type { ClientFlags, ComponentServingFlags, FeatureFlags, LeaderElectionFlags, LogFlags } from './common.ts'

export interface ControllerManagerFlags
  extends ClientFlags, ComponentServingFlags, FeatureFlags, LeaderElectionFlags, LogFlags {
  readonly controllers: readonly string[]
  readonly 'use-service-account-credentials': boolean
  readonly 'root-ca-file': string | undefined
  readonly 'service-account-private-key-file': string | undefined
  readonly 'cluster-signing-cert-file': string | undefined
  readonly 'cluster-signing-key-file': string | undefined
  readonly 'cluster-signing-duration': number
  readonly 'allocate-node-cidrs': boolean
  readonly 'cluster-cidr': readonly string[]
  readonly 'node-cidr-mask-size': number
  readonly 'node-cidr-mask-size-ipv4': number
  readonly 'node-cidr-mask-size-ipv6': number
  readonly 'service-cluster-ip-range': readonly string[]
  readonly 'node-monitor-period': number
  readonly 'node-monitor-grace-period': number
  readonly 'node-startup-grace-period': number
  readonly 'node-eviction-rate': number
  readonly 'secondary-node-eviction-rate': number
  readonly 'unhealthy-zone-threshold': number
  readonly 'large-cluster-size-threshold': number
  readonly 'terminated-pod-gc-threshold': number
  readonly 'concurrent-deployment-syncs': number
  readonly 'concurrent-replicaset-syncs': number
  readonly 'concurrent-gc-syncs': number
  readonly 'concurrent-namespace-syncs': number
}

const seconds = (count: number): number => count * 1000

export const controllerManagerFlags: FlagSet<ControllerManagerFlags> = {
  ...clientFlags,
  controllers: list(
    ['*'],
    "Controllers to run: '*' are those that are on by default, 'name' turns one on, '-name' off.",
  ),
  'use-service-account-credentials': toggle(
    false,
    'Whether each controller works as a service account of its own, by tokens that the manager asks for.',
  ),
  'root-ca-file': absentIfEmpty('Authority that pods are told to trust.', 'file'),
  'service-account-private-key-file': absentIfEmpty(
    'Key that signs the tokens of Secrets for service accounts.',
    'file',
  ),
  'cluster-signing-cert-file': absentIfEmpty('Authority that signs certificate requests.', 'file'),
  'cluster-signing-key-file': absentIfEmpty('Key of --cluster-signing-cert-file.', 'file'),
  'cluster-signing-duration': duration(seconds(8760 * 3600), 'Longest life of certificates that are signed.'),
  'allocate-node-cidrs': toggle(false, 'Whether nodes get a share of --cluster-cidr for their pods.'),
  'cluster-cidr': blocks([], 'Addresses of pods, at most one block per family.'),
  'node-cidr-mask-size': integer(0, 'Length of the prefix of a node; 0 takes the default of the family.', {
    least: 0,
    most: 128,
  }),
  'node-cidr-mask-size-ipv4': integer(24, 'Length of the IPv4 prefix of a node.', { least: 1, most: 32 }),
  'node-cidr-mask-size-ipv6': integer(64, 'Length of the IPv6 prefix of a node.', { least: 1, most: 128 }),
  'service-cluster-ip-range': blocks([], 'Addresses of Services, to keep them apart from those of pods.'),
  'node-monitor-period': duration(seconds(5), 'Time between two looks at the nodes.'),
  'node-monitor-grace-period': duration(seconds(50), 'How long a node may be silent before it counts as unknown.'),
  'node-startup-grace-period': duration(seconds(60), 'How long a node may be silent when it is new.'),
  'node-eviction-rate': decimal(0.1, 'Nodes per second whose pods are evicted.'),
  'secondary-node-eviction-rate': decimal(0.01, 'The same where a zone is unhealthy.'),
  'unhealthy-zone-threshold': decimal(0.55, 'Share of nodes that makes a zone unhealthy.'),
  'large-cluster-size-threshold': integer(50, 'Nodes from which on a zone counts as large.'),
  'terminated-pod-gc-threshold': integer(12_500, 'Pods that have ended before the oldest are deleted; 0 keeps all.'),
  'concurrent-deployment-syncs': integer(5, 'Deployments worked on at a time.', { least: 1 }),
  'concurrent-replicaset-syncs': integer(5, 'ReplicaSets worked on at a time.', { least: 1 }),
  'concurrent-gc-syncs': integer(20, 'Objects that the garbage collector works on at a time.', { least: 1 }),
  'concurrent-namespace-syncs': integer(10, 'Namespaces worked on at a time.', { least: 1 }),
  ...componentServingFlags(10_257),
  ...leaderElectionFlags('kube-controller-manager'),
  ...featureFlags,
  ...logFlags,
}

export const toleratedControllerManagerFlags: ToleratedFlags = tolerate(
  toleratedLogFlags,
  toleratedServingFlags,
  toleratedProfiling,
  toleratedDelegatedFlags,
  unservedFlags,
  toleratedClientFlags,
  {
    toggles: names(`
    configure-cloud-routes disable-attach-detach-reconcile-sync disable-force-detach-on-timeout
    enable-dynamic-provisioning enable-garbage-collector enable-hostpath-provisioner enable-leader-migration
  `),
    values: names(`
    cluster-name attach-detach-reconcile-sync-period cidr-allocator-type controller-shutdown-timeout concurrent-cron-job-syncs
    concurrent-daemonset-syncs concurrent-device-taint-eviction-syncs concurrent-endpoint-syncs
    concurrent-ephemeralvolume-syncs concurrent-horizontal-pod-autoscaler-syncs concurrent-job-syncs
    concurrent-rc-syncs concurrent-resource-quota-syncs concurrent-resourceclaim-syncs
    concurrent-service-endpoint-syncs concurrent-service-syncs concurrent-serviceaccount-token-syncs
    concurrent-statefulset-syncs concurrent-ttl-after-finished-syncs controller-start-interval
    concurrent-validating-admission-policy-status-syncs endpoint-updates-batch-period
    endpointslice-updates-batch-period leader-elect-resource-lock max-endpoints-per-slice min-resync-period
    mirroring-concurrent-service-endpoint-syncs mirroring-endpointslice-updates-batch-period
    mirroring-max-endpoints-per-subset namespace-sync-period pvclaimbinder-sync-period resource-quota-sync-period
    route-reconciliation-period legacy-service-account-token-clean-up-period
  `),
  },
)
