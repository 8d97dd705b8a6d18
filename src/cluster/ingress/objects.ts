import { deepEqual } from '#base'
import { ingressclasses } from '#api/networking/v1'
import { clusterrolebindings, clusterroles } from '#api/rbac/v1'
import type { ClusterRole, ClusterRoleBinding } from '#api/rbac/v1'
import type { Client } from '#client'
import { ensure } from '../control-plane/cluster-objects.ts'
import { ingressAccount, ingressClassName, ingressController } from './names.ts'

const read = ['get', 'list', 'watch']
const write = ['update', 'patch']
const gatewayGroup = 'gateway.networking.k8s.io'
const roleName = 'k8ts:ingress'
const defaultClass = 'ingressclass.kubernetes.io/is-default-class'

/** What serving Ingresses takes. */
const role: ClusterRole = {
  metadata: { name: roleName },
  rules: [
    { apiGroups: [''], resources: ['services', 'secrets', 'configmaps', 'namespaces'], verbs: read },
    { apiGroups: [''], resources: ['events'], verbs: ['create', ...write] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: write },
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: read },
    {
      apiGroups: [gatewayGroup],
      resources: ['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'referencegrants', 'backendtlspolicies'],
      verbs: read,
    },
    {
      apiGroups: [gatewayGroup],
      resources: [
        'gatewayclasses/status',
        'gateways/status',
        'httproutes/status',
        'grpcroutes/status',
        'backendtlspolicies/status',
      ],
      verbs: write,
    },
  ],
}

const binding: ClusterRoleBinding = {
  metadata: { name: roleName },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
  subjects: [{ kind: 'ServiceAccount', namespace: 'kube-system', name: ingressAccount }],
}

/**
 * Sees to it that there is a class for Ingresses that we serve, which is that of Ingresses without one unless another
 * class is already, and that whoever serves them may do so.
 *
 * @throws StatusError
 */
export async function ensureIngressObjects(client: Client): Promise<void> {
  const { items } = await client.list(ingressclasses)
  const taken = items.some(({ metadata }) => metadata.annotations?.[defaultClass] === 'true')
  await Promise.all([
    ensure(client, ingressclasses, {
      metadata: { name: ingressClassName, ...(taken ? {} : { annotations: { [defaultClass]: 'true' } }) },
      spec: { controller: ingressController },
    }),
    ensure(client, clusterroles, role, (existing) => !deepEqual(existing.rules, role.rules)),
    ensure(client, clusterrolebindings, binding),
  ])
}
