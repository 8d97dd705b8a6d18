import type {
  FlowSchema,
  LimitResponse,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  ResourcePolicyRule,
  Subject,
} from '#api/flowcontrol/v1'
import type { ObjectMeta } from '#machinery'

/** Says whether the server keeps an object as it should be by default. */
export const autoUpdateAnnotation = 'apf.kubernetes.io/autoupdate-spec'

const meta = (name: string): ObjectMeta => ({ name, annotations: { [autoUpdateAnnotation]: 'true' } })

function limited(
  name: string,
  nominalConcurrencyShares: number,
  lendablePercent: number,
  limitResponse: LimitResponse,
): PriorityLevelConfiguration {
  return {
    metadata: meta(name),
    spec: { type: 'Limited', limited: { nominalConcurrencyShares, limitResponse, lendablePercent } },
  }
}

const queue = (queues: number, handSize: number): LimitResponse => ({
  type: 'Queue',
  queuing: { queues, handSize, queueLengthLimit: 50 },
})

/** Levels that must be there for every request to have a place; changes to them do not last. */
export const mandatoryLevels: readonly PriorityLevelConfiguration[] = [
  {
    metadata: meta('exempt'),
    spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  },
  limited('catch-all', 5, 0, { type: 'Reject' }),
]

/** Levels to begin with. */
export const suggestedLevels: readonly PriorityLevelConfiguration[] = [
  limited('system', 30, 33, queue(64, 6)),
  limited('node-high', 40, 25, queue(64, 6)),
  limited('leader-election', 10, 0, queue(16, 4)),
  limited('workload-high', 40, 50, queue(128, 6)),
  limited('workload-low', 100, 90, queue(128, 6)),
  limited('global-default', 20, 50, queue(128, 6)),
]

const user = (name: string): Subject => ({ kind: 'User', user: { name } })
const group = (name: string): Subject => ({ kind: 'Group', group: { name } })
const accounts = (namespace: string): Subject => ({ kind: 'ServiceAccount', serviceAccount: { namespace, name: '*' } })
const everybody = [group('system:unauthenticated'), group('system:authenticated')]

const anyPath: readonly NonResourcePolicyRule[] = [{ verbs: ['*'], nonResourceURLs: ['*'] }]
const anyResource: ResourcePolicyRule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  clusterScope: true,
  namespaces: ['*'],
}
const leases = (...verbs: readonly string[]): ResourcePolicyRule => ({
  verbs,
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  namespaces: ['*'],
})
const everything = (...subjects: readonly Subject[]): PolicyRulesWithSubjects => ({
  subjects,
  resourceRules: [anyResource],
  nonResourceRules: anyPath,
})

function schema(
  name: string,
  level: string,
  matchingPrecedence: number,
  distinguisher: 'ByUser' | 'ByNamespace' | undefined,
  rule: PolicyRulesWithSubjects,
): FlowSchema {
  return {
    metadata: meta(name),
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence,
      ...(distinguisher === undefined ? {} : { distinguisherMethod: { type: distinguisher } }),
      rules: [rule],
    },
  }
}

export const mandatorySchemas: readonly FlowSchema[] = [
  schema('exempt', 'exempt', 1, undefined, everything(group('system:masters'))),
  schema('catch-all', 'catch-all', 10_000, 'ByUser', everything(...everybody)),
]

export const suggestedSchemas: readonly FlowSchema[] = [
  schema('system-nodes', 'system', 500, 'ByUser', everything(group('system:nodes'))),
  schema('system-node-high', 'node-high', 400, 'ByUser', {
    subjects: [group('system:nodes')],
    resourceRules: [{ ...anyResource, apiGroups: [''], resources: ['nodes', 'nodes/status'] }, leases('*')],
  }),
  schema('probes', 'exempt', 2, undefined, {
    subjects: everybody,
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
  }),
  schema('system-leader-election', 'leader-election', 100, 'ByUser', {
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), accounts('kube-system')],
    resourceRules: [leases('get', 'create', 'update')],
  }),
  schema(
    'kube-controller-manager',
    'workload-high',
    800,
    'ByNamespace',
    everything(user('system:kube-controller-manager')),
  ),
  schema('kube-scheduler', 'workload-high', 800, 'ByNamespace', everything(user('system:kube-scheduler'))),
  schema('kube-system-service-accounts', 'workload-high', 900, 'ByNamespace', everything(accounts('kube-system'))),
  schema('service-accounts', 'workload-low', 9000, 'ByUser', everything(group('system:serviceaccounts'))),
  schema('global-default', 'global-default', 9900, 'ByUser', everything(...everybody)),
]
