import { configmaps } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import { clusterrolebindings, clusterroles, rolebindings, roles } from '#api/rbac/v1'
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, Subject } from '#api/rbac/v1'
import { deepEqual } from '#base'
import type { Client } from '#client'
import { ensure } from '../control-plane/cluster-objects.ts'
import { approverUser } from './approver.ts'
import { clusterInfoText } from './cluster-info.ts'
import { clusterInfo, nodeConfig, nodeTokenGroup } from './names.ts'
import type { NodeConfig } from './names.ts'

const apiGroup = 'rbac.authorization.k8s.io'
const group = (name: string): Subject => ({ kind: 'Group', apiGroup, name })
const user = (name: string): Subject => ({ kind: 'User', apiGroup, name })

const binding = (name: string, role: string, subject: Subject): ClusterRoleBinding => ({
  metadata: { name },
  roleRef: { apiGroup, kind: 'ClusterRole', name: role },
  subjects: [subject],
})

const csrRole = (what: string): string => `system:certificates.k8s.io:certificatesigningrequests:${what}`

const getNodes: ClusterRole = {
  metadata: { name: 'kubeadm:get-nodes' },
  rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
}

/** What the approver of nodes' certificates needs beyond reading. */
const approver: ClusterRole = {
  metadata: { name: approverUser.name },
  rules: [
    {
      apiGroups: ['certificates.k8s.io'],
      resources: ['certificatesigningrequests/approval'],
      verbs: ['update'],
    },
    {
      apiGroups: ['certificates.k8s.io'],
      resources: ['signers'],
      resourceNames: ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client'],
      verbs: ['approve'],
    },
  ],
}

/** Who may do what so that machines join, with the names and rights that kubeadm gives. */
const bindings = [
  binding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', group(nodeTokenGroup)),
  binding('kubeadm:node-autoapprove-bootstrap', csrRole('nodeclient'), group(nodeTokenGroup)),
  binding('kubeadm:node-autoapprove-certificate-rotation', csrRole('selfnodeclient'), group('system:nodes')),
  binding('kubeadm:get-nodes', 'kubeadm:get-nodes', group(nodeTokenGroup)),
  binding(approverUser.name, approverUser.name, user(approverUser.name)),
]

/** One ConfigMap that some may read. */
function reading(
  name: string,
  map: { readonly namespace: string; readonly name: string },
  subjects: readonly Subject[],
): { readonly role: Role; readonly binding: RoleBinding } {
  const metadata = { name, namespace: map.namespace }
  return {
    role: {
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [map.name], verbs: ['get'] }],
    },
    binding: { metadata, roleRef: { apiGroup, kind: 'Role', name }, subjects: [...subjects] },
  }
}

const readings = [
  reading('kubeadm:bootstrap-signer-clusterinfo', clusterInfo, [user('system:anonymous')]),
  reading('k8ts:node-config', nodeConfig, [group(nodeTokenGroup), group('system:nodes')]),
]

export interface JoiningOptions {
  /** `https://host:port` by which other machines reach the API server. */
  readonly server: string
  /** In PEM. */
  readonly authority: string
  readonly config: NodeConfig
}

/** Lets machines with a bootstrap token join: what they have to know, and what they may. @throws StatusError */
export async function ensureJoining(client: Client, { server, authority, config }: JoiningOptions): Promise<void> {
  await Promise.all([
    ensureData(client, clusterInfo, 'kubeconfig', clusterInfoText(server, authority)),
    ensureData(client, nodeConfig, 'config.json', JSON.stringify(config)),
    ...[getNodes, approver].map((role) =>
      ensure(client, clusterroles, role, (existing) => !deepEqual(existing.rules, role.rules)),
    ),
    ...bindings.map((one) => ensure(client, clusterrolebindings, one)),
    ...readings.flatMap((one) => [ensure(client, roles, one.role), ensure(client, rolebindings, one.binding)]),
  ])
}

/** Sees to the content of a ConfigMap. Signatures go with content that has changed, and are made anew. */
async function ensureData(
  client: Client,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  key: string,
  text: string,
): Promise<void> {
  const wanted: ConfigMap = { metadata: { namespace, name }, data: { [key]: text } }
  await ensure(client, configmaps, wanted, ({ data }) => data?.[key] !== text)
}
