import { deepEqual } from '#base'
import { services } from '#api/core/v1'
import type { Service } from '#api/core/v1'
import { clusterrolebindings, clusterroles, rolebindings, roles } from '#api/rbac/v1'
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '#api/rbac/v1'
import { storageclasses } from '#api/storage/v1'
import type { StorageClass } from '#api/storage/v1'
import type { Resource } from '#api'
import type { Client } from '#client'
import { isAlreadyExists, isConflict, isNotFound } from '#machinery'
import type { KubeObject } from '#machinery'
import { networkGroup } from '#pki'

const read = ['get', 'list', 'watch']
const roleName = 'k8ts:node-network'
const role = { apiGroup: 'rbac.authorization.k8s.io', name: roleName }
const subjects = [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: networkGroup }]

/** What Services, DNS and the pod network of a node read. */
const networkRole: ClusterRole = {
  metadata: { name: roleName },
  rules: [
    { apiGroups: [''], resources: ['nodes', 'namespaces', 'pods', 'services'], verbs: read },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: read },
    { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies', 'servicecidrs'], verbs: read },
    { apiGroups: ['policy.networking.k8s.io'], resources: ['clusternetworkpolicies'], verbs: read },
    {
      apiGroups: ['apiextensions.k8s.io'],
      resources: ['customresourcedefinitions'],
      resourceNames: ['clusternetworkpolicies.policy.networking.k8s.io'],
      verbs: read,
    },
  ],
}

const networkRoleBinding: ClusterRoleBinding = {
  metadata: { name: roleName },
  roleRef: { ...role, kind: 'ClusterRole' },
  subjects,
}

/** Who may see pods and nodes may see what they use. */
const usageRole: ClusterRole = {
  metadata: {
    name: 'system:aggregated-metrics-reader',
    labels: {
      'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
      'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
      'rbac.authorization.k8s.io/aggregate-to-view': 'true',
    },
  },
  rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: read }],
}

/** The controller that provisions local volumes has nodes make and remove folders. */
const volumeRole: ClusterRole = {
  metadata: { name: 'k8ts:local-volumes' },
  rules: [{ apiGroups: [''], resources: ['nodes/proxy'], verbs: ['update', 'delete'] }],
}

const volumeRoleBinding: ClusterRoleBinding = {
  metadata: { name: 'k8ts:local-volumes' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'k8ts:local-volumes' },
  subjects: [{ kind: 'ServiceAccount', name: 'persistent-volume-binder', namespace: 'kube-system' }],
}

/** Claims that do not say a class have folders of the node on which their first pod runs. */
const localClass: StorageClass = {
  metadata: { name: 'local', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'k8ts.dev/local',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
}

/** Settings of the cluster DNS. */
const dnsRole: Role = {
  metadata: { name: roleName, namespace: 'kube-system' },
  rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['cluster-dns'], verbs: read }],
}

const dnsRoleBinding: RoleBinding = {
  metadata: { name: roleName, namespace: 'kube-system' },
  roleRef: { ...role, kind: 'Role' },
  subjects,
}

/** The cluster DNS under the name by which everybody looks for it. Every node answers at its address itself. */
const dnsService = (address: string): Service => ({
  metadata: {
    name: 'kube-dns',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
  },
  spec: {
    clusterIP: address,
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
    ],
  },
})

/**
 * Sees to it that what our nodes need beyond what every cluster has is there. Roles are as this release wants them;
 * what else is there is its owner's.
 *
 * @throws StatusError
 */
export async function ensureClusterObjects(client: Client, dnsAddress: string): Promise<void> {
  await Promise.all([
    ensure(client, clusterroles, networkRole, (role) => !deepEqual(role.rules, networkRole.rules)),
    ensure(client, clusterrolebindings, networkRoleBinding),
    ensure(client, clusterroles, usageRole),
    ensure(client, clusterroles, volumeRole),
    ensure(client, clusterrolebindings, volumeRoleBinding),
    ensure(client, storageclasses, localClass),
    ensure(client, roles, dnsRole, (role) => !deepEqual(role.rules, dnsRole.rules)),
    ensure(client, rolebindings, dnsRoleBinding),
    ensure(client, services, dnsService(dnsAddress)),
  ])
}

/** Creates an object, or writes it again where what is there is of another release. @throws StatusError */
export async function ensure<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  object: T,
  isOutdated: (existing: T) => boolean = () => false,
): Promise<void> {
  const { name = '', namespace } = object.metadata
  const key = namespace === undefined ? { name } : { name, namespace }
  const existing = await client.get(resource, key).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
  })
  try {
    if (!existing) await client.create(resource, object)
    else if (isOutdated(existing)) await client.update(resource, { ...object, metadata: existing.metadata })
  } catch (error) {
    if (!isAlreadyExists(error) && !isConflict(error)) throw error
  }
}
