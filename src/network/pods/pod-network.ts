import { join } from 'node:path'
import { nodes, pods } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { defer, Latch, sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import { Backoff } from '#client'
import type { Informer, InformerFactory } from '#client'
import { ipFamilyOf } from '#machinery'
import type { IPFamily, KubeObject } from '#machinery'
import { runCommand } from '../command.ts'
import { inNamespace, ipQuery } from '../ip.ts'
import type { Address, Link, Route } from '../ip.ts'
import { forwardingSysctls, setSysctls } from '../sysctl.ts'
import { applyRoutes } from './apply-routes.ts'
import { conflistOf, removeConflist, writeConflist } from './cni.ts'
import { hostPortsOf } from './host-ports.ts'
import { nodeAddresses, podCIDRsOf, podRoutes } from './routes.ts'
import { podTable } from './rules.ts'

export interface PodNetworkOptions {
  /** Shared with whoever else follows the same on the node; whoever made it starts it. */
  readonly informers: InformerFactory
  readonly clock: Clock
  readonly logger: Logger
  readonly nodeName: string
  /** Folder that the container runtime reads its CNI configuration from. */
  readonly cniDirectory: string
  /** Folder in which addresses of pods that run are noted; should go with a reboot. */
  readonly dataDirectory: string
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

/** The pod network of standard CNI plugins: a link per pod, routes between nodes on one segment. */
export function createPodNetwork(options: PodNetworkOptions): PodNetwork {
  return new RoutedPodNetwork(options)
}

class RoutedPodNetwork implements PodNetwork {
  readonly name = 'pod-network'
  readonly #options: PodNetworkOptions
  readonly #network: string
  readonly #ready = defer<void>()
  readonly #latch = new Latch()
  #appliedRules = ''
  #appliedNodes = ''
  #mtu = 1500

  constructor(options: PodNetworkOptions) {
    this.#options = options
    this.#network = options.name ?? 'k8ts-pods'
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  async start(signal: AbortSignal): Promise<void> {
    const { informers, nodeName, clock, logger, cleanup = false } = this.#options
    const changed = (): void => this.#latch.set()
    const nodeInformer = informers.informer(nodes)
    const podInformer = informers.informer(pods, { fieldSelector: `spec.nodeName=${nodeName}` })
    const ends = [follow(nodeInformer, changed), follow(podInformer, changed)]
    const retry = new Backoff(clock, { initialMs: 100, maxMs: 30_000, factor: 2, jitter: 0.1, resetMs: 60_000 })
    try {
      await Promise.all([this.#prepare(), nodeInformer.synced(signal), podInformer.synced(signal)])
      while (!signal.aborted) {
        try {
          await this.#sync()
        } catch (error) {
          logger.error('Pod network could not be brought up to date', { error: String(error) })
          this.#appliedRules = ''
          this.#appliedNodes = ''
          await sleep(clock, retry.next(), signal)
          continue
        }
        await this.#latch.wait(signal)
        await sleep(clock, 5, signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      for (const end of ends) end()
      if (cleanup) await this.#remove()
    }
  }

  async #prepare(): Promise<void> {
    const { namespace, logger } = this.#options
    const [refused, links, routes] = await Promise.all([
      setSysctls(forwardingSysctls, namespace),
      ipQuery<Link>(['link', 'show'], namespace),
      ipQuery<Route>(['-4', 'route', 'show', 'default'], namespace),
    ])
    if (refused.length > 0) logger.debug('Kernel settings that are not to be had here', { sysctls: refused })
    const outwards = routes.find((route) => route.dev !== undefined)?.dev
    this.#mtu = links.find((link) => link.ifname === outwards)?.mtu ?? 1500
  }

  async #sync(): Promise<void> {
    const { informers, nodeName, clusterCIDRs = [], namespace, dataDirectory, logger } = this.#options
    const all = [...informers.informer(nodes).lister.list()]
    const own = all.find((node) => node.metadata.name === nodeName)
    const podCIDRs = own ? podCIDRsOf(own) : []
    if (podCIDRs.length === 0) return
    const local = informers.informer(pods, { fieldSelector: `spec.nodeName=${nodeName}` }).lister.list()
    const rules = {
      podCIDRs,
      inner: [...clusterCIDRs, ...all.flatMap(podCIDRsOf), ...all.flatMap(nodeAddresses)],
      hostPorts: hostPortsOf(local),
    }
    const families = new Set<IPFamily>(['IPv4', ...podCIDRs.map(ipFamilyOf)])
    const text = [...families].map((family) => podTable(this.#network, family, rules)).join('')
    if (text !== this.#appliedRules) {
      await runCommand([...inNamespace(namespace), 'nft', '-f', '-'], { input: text })
      this.#appliedRules = text
    }
    await this.#syncRoutes(all)
    const conflist = conflistOf({ name: this.#network, podCIDRs, dataDirectory, mtu: this.#mtu })
    if (writeConflist(this.#conflistPath(), conflist)) logger.info('CNI configuration written', { podCIDRs })
    this.#ready.resolve()
  }

  async #syncRoutes(all: readonly Node[]): Promise<void> {
    const { nodeName, clusterCIDRs = [], namespace, logger } = this.#options
    const facts = JSON.stringify(all.map((node) => [node.metadata.name, podCIDRsOf(node), nodeAddresses(node)]))
    if (facts === this.#appliedNodes) return
    const { routes, unreachable } = podRoutes(all, { nodeName, clusterCIDRs, segments: await this.#segments() })
    await applyRoutes(routes, namespace)
    this.#appliedNodes = facts
    if (unreachable.length > 0) logger.warn('Nodes on another segment, their pods can not be reached', { unreachable })
  }

  /** Blocks of the segments the node is on; links to single pods are none. */
  async #segments(): Promise<readonly string[]> {
    const links = await ipQuery<Address>(['addr', 'show'], this.#options.namespace)
    return links
      .filter(({ ifname }) => ifname !== 'lo')
      .flatMap(({ addr_info }) => addr_info)
      .filter(({ family, prefixlen }) => prefixlen < (family === 'inet' ? 32 : 128))
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
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
  }

  #conflistPath(): string {
    return join(this.#options.cniDirectory, `10-${this.#network}.conflist`)
  }
}

function follow<T extends KubeObject>(informer: Informer<T>, changed: () => void): () => void {
  return informer.addHandler({ added: changed, updated: changed, deleted: changed })
}
