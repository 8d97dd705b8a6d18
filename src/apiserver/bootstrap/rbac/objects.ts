import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from '#api/rbac/v1'
import type { ObjectMeta } from '#machinery'
import { clusterRoles } from './cluster-roles.ts'
import { controllerRoles } from './controller-roles.ts'
import { events, named, on } from './rule.ts'
import type { RulesByName } from './rule.ts'
import { userRoles } from './user-roles.ts'

const group = 'rbac.authorization.k8s.io'
const system = 'kube-system'
const aggregateTo = (name: string): { readonly [label: string]: string } => ({
  [`${group}/aggregate-to-${name}`]: 'true',
})

function meta(name: string, namespace?: string, labels?: { readonly [label: string]: string }): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  }
}

const toUser = (name: string): Subject => ({ kind: 'User', apiGroup: group, name })
const toGroup = (name: string): Subject => ({ kind: 'Group', apiGroup: group, name })
const toAccount = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: system })
const controller = (name: string): string => `system:controller:${name}`

/** Every cluster role of a new cluster. */
export function bootstrapClusterRoles(): ClusterRole[] {
  const plain = (roles: RulesByName, nameOf: (name: string) => string): ClusterRole[] =>
    Object.entries(roles).map(([name, rules]) => ({ metadata: meta(nameOf(name)), rules }))
  // Each collects what is labelled for it: its own rules, and those of the role with fewer rights.
  const collectors = (
    [
      ['admin', undefined],
      ['edit', 'admin'],
      ['view', 'edit'],
    ] as const
  ).map(([name, within]): ClusterRole => ({
    metadata: meta(name, undefined, within === undefined ? {} : aggregateTo(within)),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(name) }] },
  }))
  const collected = Object.entries(userRoles).map(([name, rules]): ClusterRole => ({
    metadata: meta(`system:aggregate-to-${name}`, undefined, aggregateTo(name)),
    rules,
  }))
  return [...plain(clusterRoles, (name) => name), ...collectors, ...collected, ...plain(controllerRoles, controller)]
}

const clusterSubjects: { readonly [role: string]: readonly Subject[] } = {
  'cluster-admin': [toGroup('system:masters')],
  'system:basic-user': [toGroup('system:authenticated')],
  'system:discovery': [toGroup('system:authenticated')],
  'system:kube-controller-manager': [toUser('system:kube-controller-manager')],
  'system:kube-dns': [toAccount('kube-dns')],
  'system:kube-scheduler': [toUser('system:kube-scheduler')],
  'system:monitoring': [toGroup('system:monitoring')],
  'system:node': [],
  'system:node-proxier': [toUser('system:kube-proxy')],
  'system:public-info-viewer': [toGroup('system:authenticated'), toGroup('system:unauthenticated')],
  'system:service-account-issuer-discovery': [toGroup('system:serviceaccounts')],
  'system:volume-scheduler': [toUser('system:kube-scheduler')],
}

/** Every cluster role binding of a new cluster; each has the name of its role. */
export function bootstrapClusterRoleBindings(): ClusterRoleBinding[] {
  const binding = (name: string, subjects: readonly Subject[]): ClusterRoleBinding => ({
    metadata: meta(name),
    ...(subjects.length === 0 ? {} : { subjects }),
    roleRef: { apiGroup: group, kind: 'ClusterRole', name },
  })
  return [
    ...Object.entries(clusterSubjects).map(([name, subjects]) => binding(name, subjects)),
    ...Object.keys(controllerRoles).map((name) => binding(controller(name), [toAccount(name)])),
  ]
}

interface NamespaceRole {
  readonly namespace: string
  readonly role: string
  readonly rules: readonly PolicyRule[]
  /** Where it differs from the role's name. */
  readonly binding?: string
  readonly subjects: readonly Subject[]
}

const ofController = (name: string, namespace: string, ...rules: readonly PolicyRule[]): NamespaceRole => ({
  namespace,
  role: controller(name),
  rules,
  subjects: [toAccount(name)],
})

const electsLeader = (component: string, ...accounts: readonly string[]): NamespaceRole => ({
  namespace: system,
  role: `system::leader-locking-${component}`,
  rules: [
    on('create get list update watch', 'coordination.k8s.io', 'leases'),
    on('create get list update watch', 'coordination.k8s.io', 'leasecandidates'),
  ],
  subjects: [toUser(`system:${component}`), ...[component, ...accounts].map(toAccount)],
})

const namespaceRoles: readonly NamespaceRole[] = [
  ofController(
    'bootstrap-signer',
    'kube-public',
    on('get list watch', 'core', 'configmaps'),
    named('cluster-info', 'update', 'core', 'configmaps'),
    events,
  ),
  {
    namespace: system,
    role: 'extension-apiserver-authentication-reader',
    rules: [named('extension-apiserver-authentication', 'get list watch', 'core', 'configmaps')],
    binding: 'system::extension-apiserver-authentication-reader',
    subjects: [toUser('system:kube-controller-manager'), toUser('system:kube-scheduler')],
  },
  electsLeader('kube-controller-manager', 'leader-election-controller'),
  electsLeader('kube-scheduler'),
  ofController('bootstrap-signer', system, on('get list watch', 'core', 'secrets')),
  ofController('cloud-provider', system, on('create get list watch', 'core', 'configmaps')),
  ofController('token-cleaner', system, on('delete get list watch', 'core', 'secrets'), events),
]

export function bootstrapRoles(): Role[] {
  return namespaceRoles.map(({ namespace, role, rules }) => ({ metadata: meta(role, namespace), rules }))
}

export function bootstrapRoleBindings(): RoleBinding[] {
  return namespaceRoles.map(({ namespace, role, binding, subjects }) => ({
    metadata: meta(binding ?? role, namespace),
    subjects,
    roleRef: { apiGroup: group, kind: 'Role', name: role },
  }))
}
