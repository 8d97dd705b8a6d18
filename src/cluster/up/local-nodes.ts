import type { Clock, Logger } from '#base'
import { claimClusterNetwork } from '#network'
import type { ClaimedNetwork, NodeNetwork } from '#network'
import { hostPort } from '#machinery'
import { networkCertificateSpec, nodeCertificateSpecs } from '#pki'
import type { ClusterPki } from '#pki'
import { AgentProcess } from '../agent/child.ts'
import type { NodePreparation } from '../agent/messages.ts'
import { cgroupOf } from '../leftovers.ts'
import type { Progress } from '../progress.ts'
import { step } from '../progress.ts'
import type { ClusterLayout } from '../state/layout.ts'
import type { RunningNode } from '../state/running.ts'
import { blocksOf } from '../state/blocks.ts'
import type { ClusterSettings } from '../state/settings.ts'
import type { DiallingNode } from './dial.ts'

export interface LocalNodesOptions {
  readonly layout: ClusterLayout
  readonly settings: ClusterSettings
  readonly names: readonly string[]
  /** Address of the cluster DNS. */
  readonly dnsAddress: string
  /** Program and parameters of an agent. */
  readonly agentCommand: readonly [string, ...string[]]
  readonly clock: Clock
  readonly logger: Logger
  readonly logLevel: 'debug' | 'info' | 'warn'
  readonly progress: Progress
}

interface LocalNode {
  readonly name: string
  readonly addresses: readonly [string, ...string[]]
  readonly agent: AgentProcess
}

/** The nodes of a cluster that runs on one machine: each an agent in a network namespace of its own. */
export class LocalNodes {
  readonly #options: LocalNodesOptions
  readonly #network: ClaimedNetwork
  readonly #nodes: readonly LocalNode[]
  readonly #stop = new AbortController()
  readonly #connected: Promise<void>
  readonly #running: Promise<unknown>

  private constructor(options: LocalNodesOptions, network: ClaimedNetwork) {
    this.#options = options
    this.#network = network
    this.#nodes = network.nodes.map(({ name, namespace, addresses }) => {
      const agent = new AgentProcess({
        preparation: {
          nodeName: name,
          layout: options.layout.node(name),
          cgroupRoot: `${cgroupOf(options.layout.name)}/${name}`,
          dnsAddress: options.dnsAddress,
          logLevel: options.logLevel,
          ...credentialProvidersOf(options.settings),
        },
        networkNamespace: namespace,
        command: options.agentCommand,
        clock: options.clock,
        logger: options.logger,
      })
      return { name, addresses, agent }
    })
    this.#connected = step(
      options.progress,
      'network',
      () => network.connect(),
      () => network.subnet,
    )
    this.#running = this.#connected.then(
      () => Promise.all(this.#nodes.map(({ agent }) => agent.start(this.#stop.signal))),
      () => undefined,
    )
  }

  /**
   * Settles the nodes' addresses. From then on their network is made, and then the agents make themselves ready until they
   * are told to join, which hears of what goes wrong.
   *
   * @throws CommandError
   */
  static async start(options: LocalNodesOptions): Promise<LocalNodes> {
    const { layout, settings, names, logger } = options
    const network = await claimClusterNetwork({
      cluster: layout.name,
      directory: layout.networkDir,
      nodes: names,
      podCIDRs: blocksOf(settings.podBlock),
      serviceCIDRs: blocksOf(settings.serviceBlock),
      logger,
    })
    return new LocalNodes(options, network)
  }

  /** The machine's address as nodes see it. */
  get gateway(): string {
    return this.#network.gateway
  }

  /** Addresses of the nodes' segment that no node has, for Services. */
  get pool(): readonly string[] {
    return this.#network.spare
  }

  /** The first node's place in the network. */
  get first(): NodeNetwork | undefined {
    return this.#network.nodes[0]
  }

  get running(): RunningNode[] {
    return this.#nodes.map(({ name, addresses: [address] }) => {
      const { containerdRoot, containerdState } = this.#options.layout.node(name)
      return { name, address, containerdRoot, containerdSocket: `${containerdState}/containerd.sock` }
    })
  }

  /** Ways into the nodes' networks. */
  get dialling(): DiallingNode[] {
    return this.#nodes.map(({ name, agent }) => ({ name, dial: agent.dial }))
  }

  /** Lets the nodes into the cluster. Resolves when their kubelets work. @throws CommandError, UserError, Error */
  async join(pki: ClusterPki, port: number): Promise<void> {
    await this.#connected
    await Promise.all(this.#nodes.map((node) => this.#join(node, pki, port)))
  }

  async #join({ name, addresses, agent }: LocalNode, pki: ClusterPki, port: number): Promise<void> {
    const { layout, settings } = this.#options
    const specs = nodeCertificateSpecs({ name, ipAddresses: addresses })
    const networkSpec = networkCertificateSpec(name)
    const [, serving] = await Promise.all([
      pki.store.ensure(specs.client, pki.authority),
      pki.store.ensure(specs.serving, pki.authority),
      pki.store.ensure(networkSpec, pki.authority),
    ])
    serving.onRenewed((pair) => agent.renew(pair))
    const files = (spec: string): { readonly certificate: string; readonly key: string } => ({
      certificate: `${layout.pkiDir}/${spec}.crt`,
      key: `${layout.pkiDir}/${spec}.key`,
    })
    agent.join({
      addresses,
      server: `https://${hostPort(this.gateway, port)}`,
      authority: pki.authority.certificate,
      kubelet: files(specs.client.name),
      network: files(networkSpec.name),
      serving: serving.current,
      serviceBlock: settings.serviceBlock,
      podBlock: settings.podBlock,
      domain: settings.domain,
    })
    await agent.started
  }

  /** Ends the agents: with their pods, or leaving those to the next start. */
  async stop(pods: 'stop' | 'keep'): Promise<void> {
    for (const { agent } of this.#nodes) agent.podsOnStop = pods
    this.#stop.abort()
    await this.#running
  }
}

/** Either setting asks for both. */
function credentialProvidersOf({
  credentialProviderConfig: config = '',
  credentialProviderPrograms: programs = '',
}: ClusterSettings): Pick<NodePreparation, 'credentialProviders'> {
  return config === '' && programs === '' ? {} : { credentialProviders: { config, programs } }
}
