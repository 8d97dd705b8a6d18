import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#base'
import { apiServerNames, wellKnownAddresses } from '#cluster'
import type { ClusterLayout } from '#cluster'
import { ensureClusterNetwork } from '#network'
import type { ClusterNetwork, NodeNetwork } from '#network'
import { nodeCertificateSpecs, openClusterPki } from '#pki'
import { kubeconfigWith } from './kubeconfig.ts'

export const serviceBlock = '10.96.0.0/12'
const podBlock = '10.244.0.0/16'

/** What an installer would have put in place before the first start: network, certificates, kubeconfigs. */
export interface Site {
  readonly layout: ClusterLayout
  readonly network: ClusterNetwork
  readonly node: NodeNetwork
  readonly port: number
  /** Addresses of pods. */
  readonly podBlock: string
  /** Path below the folder of certificates. */
  readonly pki: (file: string) => string
  /** Path of a kubeconfig: `kubelet`, `controller-manager`, `scheduler`, `proxy`, `admin`. */
  readonly kubeconfig: (who: string) => string
  readonly admin: { readonly certificate: string; readonly key: string }
  /** Folder of programs' logs and data. */
  readonly folder: string
}

/** @param users of kubeconfigs for the node beside those that are always there, by the kubeconfig's name. */
export async function makeSite(
  layout: ClusterLayout,
  port: number,
  users: { readonly [who: string]: string } = {},
): Promise<Site> {
  const name = `${layout.name}-1`
  const network = await ensureClusterNetwork({
    cluster: layout.name,
    directory: layout.networkDir,
    nodes: [name],
    podCIDRs: [podBlock],
    serviceCIDRs: [serviceBlock],
  })
  const [node] = network.nodes
  if (!node) throw new Error('the network has no node')
  const folder = join(layout.dataDir, '..', 'upstream')
  await mkdir(folder, { recursive: true })
  const site = {
    layout,
    network,
    node,
    port,
    podBlock,
    folder,
    pki: (file: string): string => join(layout.pkiDir, file),
    kubeconfig: (who: string): string => join(folder, `${who}.kubeconfig`),
  }
  await makeCertificates(site, { proxy: 'system:kube-proxy', ...users })
  const [certificate, key] = await Promise.all(
    ['admin.crt', 'admin.key'].map((file) => readFile(site.pki(file), 'utf8')),
  )
  return { ...site, admin: { certificate: certificate ?? '', key: key ?? '' } }
}

/** Of the control plane on loopback, of the node through its gateway. */
async function makeCertificates(site: Omit<Site, 'admin'>, users: { readonly [who: string]: string }): Promise<void> {
  const { layout, network, node, port } = site
  const { kubernetes } = wellKnownAddresses(serviceBlock)
  const pki = await openClusterPki({
    clock: systemClock,
    folder: layout.pkiDir,
    ...apiServerNames('cluster.local', ['127.0.0.1', network.gateway, kubernetes]),
  })
  await pki.serviceAccountKey
  const kubelet = nodeCertificateSpecs({ name: node.name, ipAddresses: [node.address] })
  const usages = ['digital signature', 'key encipherment', 'client auth']
  const further = Object.entries(users).map(([name, commonName]) => ({
    name,
    subject: { commonName, organizations: [] },
    usages,
  }))
  for (const spec of [kubelet.client, kubelet.serving, ...further]) await pki.store.ensure(spec, pki.authority)
  const write = async (who: string, host: string, pair: string): Promise<void> => {
    const cluster = { server: `https://${host}:${port}`, 'certificate-authority': site.pki('ca.crt') }
    const user = { 'client-certificate': site.pki(`${pair}.crt`), 'client-key': site.pki(`${pair}.key`) }
    await writeFile(site.kubeconfig(who), kubeconfigWith(cluster, user), { mode: 0o600 })
  }
  await write('controller-manager', '127.0.0.1', 'controller-manager')
  await write('scheduler', '127.0.0.1', 'scheduler')
  await write('admin', '127.0.0.1', 'admin')
  await write('kubelet', network.gateway, kubelet.client.name)
  for (const name of Object.keys(users)) await write(name, network.gateway, name)
}
