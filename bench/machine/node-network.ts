import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ensureClusterNetwork, removeClusterNetwork, runCommand } from '#network'
import type { Cleanup } from '../cleanup.ts'
import { temporaryFolder } from '../systems/folder.ts'

/** Addresses that pods would have, of which the node has two itself. */
export const podBlock = '10.244.0.0/16'
export const serviceBlock = '10.96.0.0/12'
export const endpointAddresses = ['10.244.0.1', '10.244.0.2'] as const

/** A node's network, without a node's programs. */
export interface NodeNetwork {
  /** Words before a program that runs in it. */
  readonly prefix: readonly [string, ...string[]]
  readonly address: string
  /** The machine's address as the node sees it. */
  readonly gateway: string
  /** Folder for whatever belongs to it. */
  readonly folder: string
  remove(): Promise<void>
}

/** Makes a network namespace that the machine reaches, with two addresses of pods. */
export async function makeNodeNetwork(cleanup: Cleanup): Promise<NodeNetwork> {
  const folder = await temporaryFolder(cleanup)
  const cluster = `bench-${randomBytes(3).toString('hex')}`
  const directory = join(folder.path, 'network')
  const unmake = cleanup.add(() => removeClusterNetwork(cluster, directory, { forget: true }))
  const network = await ensureClusterNetwork({
    cluster,
    directory,
    nodes: ['node'],
    podCIDRs: [podBlock],
    serviceCIDRs: [serviceBlock],
  })
  const [node] = network.nodes
  if (!node) throw new Error('there is no node')
  const prefix = ['nsenter', `--net=${node.namespace}`, '--'] as const
  for (const address of endpointAddresses) {
    await runCommand([...prefix, 'ip', 'address', 'add', `${address}/32`, 'dev', 'lo'])
  }
  const settings = ['ip_forward', 'conf/all/route_localnet'].map((name) => `echo 1 > /proc/sys/net/ipv4/${name}`)
  await runCommand([...prefix, 'sh', '-c', settings.join(' && ')])
  return {
    prefix: [...prefix],
    address: node.address,
    gateway: network.gateway,
    folder: folder.path,
    async remove() {
      await unmake()
      await folder.remove()
    },
  }
}
