import { join } from 'node:path'
import { nodes, pods } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { defer, Latch } from '#base'
import type { Clock, Component, Logger } from '#base'
import { keepInStep } from '#client'
import type { Client, Informer, InformerFactory, Kept } from '#client'
import { ipFamilyOf } from '#machinery'
import type { IPFamily, KubeObject } from '#machinery'
import { runCommand } from '../command.ts'
import { inNamespace, ipQuery } from '../ip.ts'
import type { Address, Link, Route } from '../ip.ts'
import { forwardingSysctls, ownNamespaceSysctls, setSysctls } from '../sysctl.ts'
import { applyRoutes } from './apply-routes.ts'
import { conflistFile, conflistOf, removeConflist, writeConflist } from './cni.ts'
import { asksForHostPorts, hostPortsOf } from './host-ports.ts'
import { nodeAddresses, podCIDRsOf, podRoutes } from './routes.ts'
import type { PodRoutes } from './routes.ts'
import { podTable } from './rules.ts'
import { Encryption } from './tunnel/encryption.ts'
import { applyVxlan, vxlanDevice, vxlanMtu } from './tunnel/vxlan.ts'
import { removeWireguard, wireguardDevice, wireguardMtu } from './tunnel/wireguard.ts'

export interface PodNetworkOptions {
  /** Shared with whoever else follows the same on the node; whoever made it starts it. */
  readonly informers: InformerFactory
  /** That of the kubelet, which may write the node. */
  readonly client: Client
  readonly clock: Clock
  readonly logger: Logger
  readonly nodeName: string
  /** Folder that the container runtime reads its CNI configuration from. */
  readonly cniDirectory: string
  /** Folder in which addresses of pods that run are noted; should go with a reboot. */
  readonly dataDirectory: string
  /** The runtime finds our own CNI plugin; standard ones are asked for when absent. */
  readonly hasLinkPlugin?: boolean
  /** Name of the network, of the CNI configuration and of the nftables tables; `k8ts-pods` when absent. */
  readonly name?: string
  /** Blocks of pod addresses of the whole cluster, where they are known. */
  readonly clusterCIDRs?: readonly string[]
  /** File of the node's network namespace; our own when absent. */
  readonly namespace?: string
  /** Takes everything away when the component stops. It stays when absent, because pods do. */
  readonly cleanup?: boolean
}

/** Gives pods addresses, and ways to each other and to the world. */
export interface PodNetwork extends Component {
  /** Resolves when pods can be started: the CNI configuration is there, and what it needs. */
  readonly ready: Promise<void>
}

/**
 * The pod network: a link per pod, made by a CNI plugin, routes between nodes on one segment, a tunnel to nodes beyond:
 * WireGuard where both ends have it, else VXLAN.
 */
export function createPodNetwork(options: PodNetworkOptions): PodNetwork {
  return new RoutedPodNetwork(options)
}

class RoutedPodNetwork implements PodNetwork {
  readonly name = 'pod-network'
  readonly #options: PodNetworkOptions
  readonly #network: string
  readonly #ready = defer<void>()
  readonly #latch = new Latch()
  readonly #encryption: Encryption
  #appliedRules = ''
  #appliedWays = ''
  /** What the segments were looked up for: who looks at each change of a node's status looks often. */
  #knownNodes = ''
  #knownSegments: readonly string[] = []
  #mtu = 1500

  constructor(options: PodNetworkOptions) {
    this.#options = options
    this.#network = options.name ?? 'k8ts-pods'
    const { client, logger, namespace, dataDirectory } = options
    this.#encryption = new Encryption({ client, logger, namespace, directory: dataDirectory })
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  async start(signal: AbortSignal): Promise<void> {
    const { informers, nodeName, clock, logger, cleanup = false } = this.#options
    const changed = (): void => this.#latch.set()
    const nodeInformer = informers.informer(nodes)
    const podInformer = informers.informer(pods, { fieldSelector: `spec.nodeName=${nodeName}` })
    // Of pods only the ports of the node that lead to them are ours: a burst of others is none of our business.
    const podChanged = (pod: Pod): void => {
      if (asksForHostPorts(pod)) changed()
    }
    const ends = [follow(nodeInformer, changed), follow(podInformer, podChanged)]
    const routes: Kept<void> = {
      sync: () => this.#sync(),
      failed: (error) => {
        logger.error('Pod network could not be brought up to date', { error: String(error) })
        this.#appliedRules = ''
        this.#appliedWays = ''
        this.#knownNodes = ''
      },
    }
    try {
      await Promise.all([this.#prepare(), nodeInformer.synced(signal), podInformer.synced(signal)])
      await keepInStep(routes, { clock, latch: this.#latch, gatherMs: 5 }, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      for (const end of ends) end()
      if (cleanup) await this.#remove()
    }
  }

  async #prepare(): Promise<void> {
    const { namespace, logger } = this.#options
    const sysctls = namespace === undefined ? forwardingSysctls : { ...forwardingSysctls, ...ownNamespaceSysctls }
    const [refused, links, ...routes] = await Promise.all([
      setSysctls(sysctls, namespace),
      ipQuery<Link>(['link', 'show'], namespace),
      ipQuery<Route>(['-4', 'route', 'show', 'default'], namespace),
      ipQuery<Route>(['-6', 'route', 'show', 'default'], namespace),
    ])
    if (refused.length > 0) logger.debug('Kernel settings that are not to be had here', { sysctls: refused })
    const outwards = routes.flat().find((route) => route.dev !== undefined)?.dev
    this.#mtu = links.find((link) => link.ifname === outwards)?.mtu ?? 1500
  }

  async #sync(): Promise<void> {
    const {
      informers,
      nodeName,
      clusterCIDRs = [],
      namespace,
      dataDirectory,
      hasLinkPlugin = false,
      logger,
    } = this.#options
    const all = [...informers.informer(nodes).lister.list()]
    const own = all.find((node) => node.metadata.name === nodeName)
    const podCIDRs = own ? podCIDRsOf(own) : []
    if (!own || podCIDRs.length === 0) return
    const local = informers.informer(pods, { fieldSelector: `spec.nodeName=${nodeName}` }).lister.list()
    const segments = await this.#segments(all)
    const encrypts = this.#encryption.isAgreed(own)
    const ways = podRoutes(all, { nodeName, clusterCIDRs, segments, encrypts })
    const peers = [...ways.plainPeers, ...ways.securePeers]
    const tunnels = [
      ...(ways.plainPeers.length > 0 ? [{ device: vxlanDevice, mtuOf: vxlanMtu }] : []),
      ...(ways.securePeers.length > 0 ? [{ device: wireguardDevice, mtuOf: wireguardMtu }] : []),
    ]
    // Routers between segments know nodes and no pods: a pod that asks a node beyond them asks in its own node's name.
    const far = new Set(peers.map(({ node }) => node))
    const rules = {
      podCIDRs,
      inner: [
        ...clusterCIDRs,
        ...all.flatMap(podCIDRsOf),
        ...all.flatMap(nodeAddresses).filter((address) => !far.has(address)),
      ],
      hostPorts: hostPortsOf(local),
      tunnels: tunnels.map(({ device }) => device),
    }
    const families = new Set<IPFamily>(['IPv4', ...podCIDRs.map(ipFamilyOf)])
    const text = [...families].map((family) => podTable(this.#network, family, rules)).join('')
    if (text !== this.#appliedRules) {
      await runCommand([...inNamespace(namespace), 'nft', '-f', '-'], { input: text })
      this.#appliedRules = text
    }
    await this.#syncWays(ways)
    const { own: end } = ways
    const mtu = Math.min(this.#mtu, ...(end ? tunnels.map(({ mtuOf }) => mtuOf(this.#mtu, end.node)) : []))
    const conflist = conflistOf({ name: this.#network, podCIDRs, dataDirectory, mtu, hasLinkPlugin })
    if (writeConflist(this.#conflistPath(), conflist)) logger.info('CNI configuration written', { podCIDRs })
    this.#ready.resolve()
    if (peers.length > 0) await this.#encryption.offer(own)
  }

  async #syncWays(ways: PodRoutes): Promise<void> {
    const { namespace, logger } = this.#options
    const { routes, own, plainPeers, securePeers, unreachable } = ways
    const facts = JSON.stringify(ways)
    if (facts === this.#appliedWays) return
    const mtu = this.#mtu
    const [isEncrypted, isTunnelled] = await Promise.all([
      this.#encryption.apply({ own, peers: securePeers, mtu }),
      applyVxlan({ own, peers: plainPeers, mtu }, namespace).then(
        () => true,
        (error: unknown) => {
          // A kernel without VXLAN: the nodes on our own segment are reached all the same.
          logger.error('Tunnel to nodes on other segments could not be made', { error: String(error) })
          return false
        },
      ),
    ])
    const failed = new Set([...(isEncrypted ? [] : [wireguardDevice]), ...(isTunnelled ? [] : [vxlanDevice])])
    await applyRoutes(
      routes.filter(({ device }) => device === undefined || !failed.has(device)),
      namespace,
    )
    // Without encryption there is another way.
    if (!isEncrypted) this.#latch.set()
    this.#appliedWays = facts
    if (unreachable.length > 0)
      logger.warn('Nodes whose pods can not be reached: no address of a common family', { unreachable })
  }

  /** Blocks of the segments the node is on; links to single pods are none. */
  async #segments(all: readonly Node[]): Promise<readonly string[]> {
    const facts = JSON.stringify(all.map((node) => [node.metadata.name, podCIDRsOf(node), nodeAddresses(node)]))
    if (facts === this.#knownNodes) return this.#knownSegments
    const links = await ipQuery<Address>(['addr', 'show'], this.#options.namespace)
    this.#knownNodes = facts
    this.#knownSegments = links
      .filter(({ ifname }) => ifname !== 'lo' && ifname !== vxlanDevice && ifname !== wireguardDevice)
      .flatMap(({ addr_info }) => addr_info)
      .filter(({ family, prefixlen }) => prefixlen < (family === 'inet' ? 32 : 128))
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
    return this.#knownSegments
  }

  async #remove(): Promise<void> {
    const { namespace } = this.#options
    removeConflist(this.#conflistPath())
    const commands = ['ip', 'ip6'].flatMap((family) => [
      `add table ${family} ${this.#network}`,
      `delete table ${family} ${this.#network}`,
    ])
    await runCommand([...inNamespace(namespace), 'nft', '-f', '-'], { input: `${commands.join('\n')}\n` })
    await applyRoutes([], namespace)
    await applyVxlan({ own: undefined, peers: [], mtu: this.#mtu }, namespace)
    await removeWireguard(namespace)
  }

  #conflistPath(): string {
    return join(this.#options.cniDirectory, conflistFile(this.#network))
  }
}

function follow<T extends KubeObject>(informer: Informer<T>, changed: (object: T) => void): () => void {
  const updated = (before: T, after: T): void => {
    // Another object of the name, where the end of the first was missed.
    changed(before)
    changed(after)
  }
  return informer.addHandler({ added: changed, updated, deleted: changed })
}
