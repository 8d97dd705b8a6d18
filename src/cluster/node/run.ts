import { readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { aborted } from '#base'
import type { Logger } from '#base'
import { formatKubeconfig } from '#client/http'
import type { Containerd, CredentialProviderFiles } from '#kubelet/host'
import type { KeyPair } from '#pki'
import { CertificateAuthority, writeFileAtomically } from '#pki'
import { joinCluster, tlsOf } from '../agent/join.ts'
import type { JoinedNode } from '../agent/join.ts'
import type { NodeMembership, NodePreparation } from '../agent/messages.ts'
import { prepareNode, prepareServiceAddress } from '../agent/prepare.ts'
import { ComponentGroup } from '../control-plane/components.ts'
import { checkMachine, machineFacts } from '../host/preconditions.ts'
import { checkKeepsFiles } from '../host/place.ts'
import { cgroupOf } from '../leftovers.ts'
import { step } from '../progress.ts'
import { openLogger, runUntilAborted, stayUp } from '../start/run.ts'
import type { Run, RunOptions } from '../start/run.ts'
import { claimCluster } from '../start/settle.ts'
import type { ClusterLayout, NodeLayout } from '../state/layout.ts'
import type { RunningState } from '../state/running.ts'
import { usageError, UserError } from '../user-error.ts'
import { familiesOf } from '../state/blocks.ts'
import { nodeAddresses } from './address.ts'
import {
  fits,
  kubeletCertificate,
  networkCertificate,
  NodeCertificates,
  readPair,
  servingCertificate,
} from './certificates.ts'
import { enlist } from './enlist.ts'
import { identityFiles, readNodeState } from './state.ts'
import type { IdentityFiles, NodeState } from './state.ts'

export interface RunAgentOptions extends RunOptions {
  /** `https://host:port` of the API server; as last time when absent. */
  readonly server?: string
  /** What a machine shows that is not a member yet. */
  readonly token?: string
  /** `sha256:<hex>` of the public key of the cluster's authority. */
  readonly caHash?: string
  /** Name of the node; as last time, or that of the machine when absent. */
  readonly nodeName?: string
  /** Address of the node, or one for each family, separated by a comma; the one from which it reaches the API server when absent. */
  readonly nodeIP?: string
  /** A container runtime that is there already (CRI); a containerd of the node's own when absent. */
  readonly runtimeEndpoint?: string
  /** Programs that know credentials of registries. */
  readonly credentialProviders?: CredentialProviderFiles
  /** Makes sure that the machine has what containers need. */
  readonly prepareMachine: () => Promise<void>
  readonly onReady: (state: RunningState) => void
}

/** Where runtimes that are there already look for the configuration of the pod network. */
const usualCniFolder = '/etc/cni/net.d'
const dayMs = 86_400_000

/**
 * Makes this machine a node of a cluster that runs elsewhere, and is it until the signal aborts. Its pods run on then.
 *
 * @throws UserError, Error
 */
export const runAgent = (options: RunAgentOptions): Promise<void> =>
  runUntilAborted(options, (run) => new AgentRun(run, options).run())

class AgentRun {
  readonly #run: Run
  readonly #options: RunAgentOptions

  constructor(run: Run, options: RunAgentOptions) {
    this.#run = run
    this.#options = options
  }

  async run(): Promise<void> {
    const { layout, signal, progress, clock, closing } = this.#run
    const { prepareMachine, onReady } = this.#options
    checkMachine(machineFacts())
    await checkKeepsFiles(layout.dataDir, '--data-dir')
    closing.add(await claimCluster(layout))
    closing.add(() => forgetUnlessMember(layout))
    await prepareMachine()
    const nodeName = await this.#nodeName()
    const state = await step(
      progress,
      'join',
      () => enlist({ ...this.#options, nodeName, clock }),
      ({ server }) => server,
    )
    signal.throwIfAborted()
    const nodeLayout = layout.node(nodeName)
    const logger = openLogger(this.#run, nodeLayout.logFile, { node: nodeName })
    const running = await this.#start(state, nodeLayout, logger)
    await writeFileAtomically(layout.adminKubeconfig, ownKubeconfig(state, identityFiles(layout)), {
      mode: 0o600,
      durable: false,
    })
    await stayUp(this.#run, { ...running, onReady: () => onReady(running.state) })
  }

  async #nodeName(): Promise<string> {
    const name = this.#options.nodeName ?? (await readNodeState(this.#run.layout))?.nodeName ?? hostname().toLowerCase()
    if (/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) return name
    throw usageError(
      `${JSON.stringify(name)} can't be the name of a node: choose one with --node-name, of lower-case letters, digits, dashes and dots`,
    )
  }

  async #start(
    state: NodeState,
    nodeLayout: NodeLayout,
    logger: Logger,
  ): Promise<{ readonly state: RunningState; readonly failed: Promise<never> }> {
    const { layout, version, progress, signal, clock, closing } = this.#run
    const { nodeName, server, config } = state
    const preparation = this.#preparation(state, nodeLayout)
    const addresses = await nodeAddresses(server, familiesOf(config.podBlock), this.#options.nodeIP)
    const [address] = addresses
    const runtime = await step(progress, 'runtime', () => this.#runtime(preparation, logger))
    const membership = await this.#membership(state, addresses)
    const node = joinCluster({ preparation, membership, containerd: runtime, version, logger })
    const group = new ComponentGroup(logger)
    closing.add(() => group.stop())
    group.start(...node.components, this.#certificates(node, nodeName, membership, logger))
    await step(progress, 'kubelet', () =>
      Promise.race([node.kubelet.started, group.failed, endedBy(signal)]).catch((error: unknown) => {
        throw explainStart(error)
      }),
    )
    return {
      failed: group.failed,
      state: {
        name: layout.name,
        server,
        runtime: 'remote',
        dataDir: layout.dataDir,
        adminKubeconfig: layout.adminKubeconfig,
        kubeconfig: layout.adminKubeconfig,
        context: nodeName,
        startedAt: clock.now(),
        nodes: [
          { name: nodeName, address, containerdSocket: runtime.socket, containerdRoot: nodeLayout.containerdRoot },
        ],
      },
    }
  }

  #preparation({ nodeName, config }: NodeState, layout: NodeLayout): NodePreparation {
    const { logLevel, layout: cluster } = this.#run
    const { credentialProviders } = this.#options
    return {
      nodeName,
      layout:
        this.#options.runtimeEndpoint === undefined
          ? layout
          : { ...layout, cniConfDir: usualCniFolder, cniBinDir: undefined },
      cgroupRoot: `${cgroupOf(cluster.name)}/${nodeName}`,
      dnsAddress: config.dnsAddress,
      logLevel,
      ...(credentialProviders && { credentialProviders }),
    }
  }

  /** A containerd of the node's own, or the runtime that is there already. */
  async #runtime(
    preparation: NodePreparation,
    logger: Logger,
  ): Promise<Pick<Containerd, 'endpoint' | 'sandboxSeccomp' | 'socket'>> {
    const { runtimeEndpoint: endpoint } = this.#options
    if (endpoint === undefined) return prepareNode(preparation, logger)
    await prepareServiceAddress(preparation)
    return { endpoint, socket: endpoint.replace(/^unix:\/\//, '') }
  }

  /** What renews the node's certificates before they run out. */
  #certificates(
    { client, kubelet }: JoinedNode,
    nodeName: string,
    membership: NodeMembership,
    logger: Logger,
  ): NodeCertificates {
    const files = identityFiles(this.#run.layout)
    return new NodeCertificates({
      client,
      clock: this.#run.clock,
      logger,
      certificates: [
        { path: files.kubelet, wanted: kubeletCertificate(nodeName) },
        { path: files.network, wanted: networkCertificate(nodeName) },
        {
          path: files.serving,
          wanted: servingCertificate(nodeName, membership.addresses[0]),
          onRenewed: (serving) => kubelet.setTls(tlsOf({ ...membership, serving })),
        },
      ],
    })
  }

  async #membership(
    { server, nodeName, config }: NodeState,
    addresses: NodeMembership['addresses'],
  ): Promise<NodeMembership> {
    const files = identityFiles(this.#run.layout)
    const stored = await readPair(files.serving)
    const usable = stored && fits(stored, servingCertificate(nodeName, addresses[0]))
    const pair = (path: string): { readonly certificate: string; readonly key: string } => ({
      certificate: `${path}.crt`,
      key: `${path}.key`,
    })
    return {
      addresses,
      server,
      authority: await readFile(files.authority, 'utf8'),
      kubelet: pair(files.kubelet),
      network: pair(files.network),
      serving: usable ? stored : this.#provisional(nodeName),
      serviceBlock: config.serviceBlock,
      podBlock: config.podBlock,
      domain: config.domain,
    }
  }

  /** What the kubelet's server shows until the cluster has signed something better. */
  #provisional(nodeName: string): KeyPair {
    const now = this.#run.clock.now()
    const own = CertificateAuthority.create(nodeName, now, dayMs)
    return new CertificateAuthority(own).issue({
      subject: { commonName: nodeName },
      names: { dnsNames: [nodeName] },
      usages: ['digital signature', 'key encipherment', 'server auth'],
      now,
      lifetimeMs: dayMs,
    })
  }
}

/** A machine that could not join keeps nothing of the attempt. */
async function forgetUnlessMember(layout: ClusterLayout): Promise<void> {
  if ((await readNodeState(layout)) !== undefined) return
  await rm(layout.runDir, { recursive: true, force: true })
}

/** As whom the node asks, for `k8ts status` and for those who look into what a node may see. */
function ownKubeconfig({ server, nodeName }: NodeState, files: IdentityFiles): string {
  const user = { 'client-certificate': `${files.kubelet}.crt`, 'client-key': `${files.kubelet}.key` }
  return formatKubeconfig({
    name: nodeName,
    cluster: { server, 'certificate-authority': files.authority },
    user,
  })
}

/** Names what keeps a node from starting. */
function explainStart(error: unknown): unknown {
  const { code, port } = error as { readonly code?: string; readonly port?: number }
  if (code !== 'EADDRINUSE') return error
  return new UserError(
    `port ${port} of this machine is taken, which its node needs: stop the kubelet or agent that runs here already`,
    { cause: error },
  )
}

async function endedBy(signal: AbortSignal): Promise<never> {
  await aborted(signal).promise
  throw signal.reason
}
