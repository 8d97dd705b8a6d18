import { join } from 'node:path'
import { endpointslices } from '#api/discovery/v1'
import { services } from '#api/core/v1'
import { clusterrolebindings, clusterroles } from '#api/rbac/v1'
import type { Client } from '#client'
import type { Programs } from '../../bench/machine/programs.ts'
import { programCommand } from '../../bench/systems/k8ts/program-file.ts'
import type { Site } from '../../bench/systems/upstream/site.ts'

/** As whom the DNS reads. */
export const dnsUser = 'system:coredns'

const name = 'kube-dns'
const ports = [
  { name: 'dns', port: 53, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, protocol: 'TCP' },
] as const

/** `k8ts dns` at the node's address, behind the Service and with the rights that kubeadm gives CoreDNS. */
export async function startDns(
  programs: Programs,
  { node, folder, kubeconfig }: Site,
  client: Client,
): Promise<string> {
  const metadata = { name: dnsUser }
  const verbs = ['list', 'watch']
  await client.create(clusterroles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata,
    rules: [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
    ],
  })
  await client.create(clusterrolebindings, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: dnsUser },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: dnsUser }],
  })
  const log = join(folder, 'dns.log')
  const command = [...programCommand(undefined), 'dns', `--kubeconfig=${kubeconfig('dns')}`] as const
  programs.start({
    name: 'dns',
    log,
    command: ['nsenter', `--net=${node.namespace}`, '--', ...command, `--bind-address=${node.address}`],
  })
  await client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'kube-system', name },
    spec: { clusterIP: '10.96.0.10', ports },
  })
  await client.create(endpointslices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'kube-system', name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [node.address], conditions: { ready: true } }],
    ports,
  })
  return log
}
