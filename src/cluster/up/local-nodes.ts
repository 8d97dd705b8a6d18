import type { Clock, Logger } from '#base'
import { ensureClusterNetwork } from '#network'
import type { ClusterNetwork } from '#network'
import { networkCertificateSpec, nodeCertificateSpecs } from '#pki'
import type { ClusterPki } from '#pki'
import { AgentProcess } from '../agent/child.ts'
import { cgroupOf } from '../leftovers.ts'
import type { Progress } from '../progress.ts'
import { step } from '../progress.ts'
import type { ClusterLayout } from '../state/layout.ts'
import type { RunningNode } from '../state/running.ts'
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
  readonly address: string
  readonly agent: AgentProcess
  readonly running: Promise<void>
}

/** The nodes of a cluster that runs on one machine: each an agent in a network namespace of its own. */
export class LocalNodes {
  readonly network: ClusterNetwork
  readonly #options: LocalNodesOptions
  readonly #nodes: readonly LocalNode[]
  readonly #stop: AbortController

  private constructor(
    options: LocalNodesOptions,
    network: ClusterNetwork,
    nodes: readonly LocalNode[],
    stop: AbortController,
  ) {
    this.#options = options
    this.network = network
    this.#nodes = nodes
    this.#stop = stop
  }

  /** Makes the network and starts the agents, which make themselves ready until they are told to join. */
  static async start(options: LocalNodesOptions): Promise<LocalNodes> {
    const { layout, settings, names, logger, progress } = options
    const network = await step(
      progress,
      'network',
      () =>
        ensureClusterNetwork({
          cluster: layout.name,
          directory: layout.networkDir,
          nodes: names,
          podCIDRs: [settings.podBlock],
          serviceCIDRs: [settings.serviceBlock],
          logger,
        }),
      ({ subnet }) => subnet,
    )
    const stop = new AbortController()
    const nodes = network.nodes.map(({ name, namespace, address }) => {
      const agent = new AgentProcess({
        preparation: {
          nodeName: name,
          layout: layout.node(name),
          cgroupRoot: `${cgroupOf(layout.name)}/${name}`,
          dnsAddress: options.dnsAddress,
          logLevel: options.logLevel,
        },
        networkNamespace: namespace,
        command: options.agentCommand,
        clock: options.clock,
        logger,
      })
      return { name, address, agent, running: agent.start(stop.signal) }
    })
    return new LocalNodes(options, network, nodes, stop)
  }

  get running(): RunningNode[] {
    return this.#nodes.map(({ name, address }) => {
      const { containerdRoot, containerdState } = this.#options.layout.node(name)
      return { name, address, containerdRoot, containerdSocket: `${containerdState}/containerd.sock` }
    })
  }

  /** Ways into the nodes' networks. */
  get dialling(): DiallingNode[] {
    return this.#nodes.map(({ name, agent }) => ({ name, dial: agent.dial }))
  }

  /** Lets the nodes into the cluster. Resolves when their kubelets work. @throws UserError, Error */
  async join(pki: ClusterPki, port: number): Promise<void> {
    await Promise.all(this.#nodes.map((node) => this.#join(node, pki, port)))
  }

  async #join({ name, address, agent }: LocalNode, pki: ClusterPki, port: number): Promise<void> {
    const { layout, settings } = this.#options
    const specs = nodeCertificateSpecs({ name, ipAddresses: [address] })
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
      address,
      server: `https://${this.network.gateway}:${port}`,
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
    await Promise.all(this.#nodes.map(({ running }) => running))
  }
}
