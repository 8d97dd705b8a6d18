import { readdir, rm, rmdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Logger } from '#base'
import { checkNotInUse } from '#store/lmdb'
import { allOrNone } from '../closing.ts'
import { apiServerNames, wellKnownAddresses } from '../control-plane/addresses.ts'
import { ControlPlane } from '../control-plane/control-plane.ts'
import { loadBalancerSource } from '../control-plane/load-balancer.ts'
import { encryptionOf } from '../encryption/of-cluster.ts'
import { tracingOf } from '../tracing/of-server.ts'
import { checkMachine, machineFacts } from '../host/preconditions.ts'
import { endLeftAgents, removeLeftovers } from '../leftovers.ts'
import { step } from '../progress.ts'
import { clusterState, openPki, openStore, startControlPlane } from '../start/control-plane.ts'
import { defaultKubeconfig } from '../start/kubeconfigs.ts'
import { openLogger, runUntilAborted, stayUp } from '../start/run.ts'
import type { Run, RunOptions } from '../start/run.ts'
import { checkPlaces, claimCluster, settleSettings } from '../start/settle.ts'
import type { ClusterLayout } from '../state/layout.ts'
import type { RunningNode, RunningState } from '../state/running.ts'
import { blocksOf, familiesOf } from '../state/blocks.ts'
import { nodeNames, noteFixedSettings, simulatedNodeNames } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { usageError, UserError } from '../user-error.ts'
import { dialThroughNodes } from './dial.ts'
import { LocalNodes } from './local-nodes.ts'
import { nodesReady } from './ready.ts'
import { simulatedNodes } from './simulated-nodes.ts'

export interface RunClusterOptions extends RunOptions {
  /** What the user asked for; everything else is as it was, or as usual. */
  readonly wanted: Partial<ClusterSettings>
  /** Program and parameters of an agent. */
  readonly agentCommand: readonly [string, ...string[]]
  /** Makes sure that the machine has what real containers need. */
  readonly prepareMachine: () => Promise<void>
  /** The same for Ingresses, when there is one. */
  readonly prepareIngress: () => Promise<void>
  readonly onReady: (state: RunningState) => void
}

/**
 * Starts a cluster on this machine, or one that was stopped or killed again, and runs it until the signal aborts. Then
 * its pods stop and nothing is left but its data.
 *
 * @throws UserError, Error
 */
export const runCluster = (options: RunClusterOptions): Promise<void> =>
  runUntilAborted(options, (run) => new ClusterRun(run, options).run())

class ClusterRun {
  readonly #run: Run
  readonly #options: RunClusterOptions

  constructor(run: Run, options: RunClusterOptions) {
    this.#run = run
    this.#options = options
  }

  async run(): Promise<void> {
    const { signal, progress, clock } = this.#run
    const settings = await this.#settle()
    const since = clock.now()
    const { plane, nodes } = await this.#start(settings)
    const state = clusterState(this.#run, settings, { server: urlAt(plane.port), nodes })
    const names = nodes.map(({ name }) => name)
    await step(
      progress,
      'nodes ready',
      () => Promise.race([nodesReady(plane.admin, names, { clock, signal, since }), plane.failed]),
      () => String(names.length),
    )
    await stayUp(this.#run, { state, failed: plane.failed, onReady: () => this.#options.onReady(state) })
  }

  /** Works out what the cluster shall be like, and makes the machine ready for it. */
  async #settle(): Promise<ClusterSettings> {
    const { layout, signal, closing } = this.#run
    const { wanted, prepareMachine } = this.#options
    closing.add(await claimCluster(layout))
    closing.add(() => removeUnused(layout))
    await checkNotInUse(layout.storeDir)
    const settings = await settleSettings(layout, { kubeconfig: defaultKubeconfig(), ...wanted })
    if (settings.runtime === 'remote') {
      throw new UserError(
        `cluster ${layout.name} has its nodes on machines of their own: start it with k8ts server --name ${layout.name}, or start another with --name`,
      )
    }
    checkHasContainers(settings, wanted)
    if (settings.runtime === 'containerd') {
      checkMachine(machineFacts())
      await prepareMachine()
      await endLeftAgents(layout)
    } else closing.add(() => rm(layout.runDir, { recursive: true, force: true }))
    await checkPlaces(layout, settings)
    signal.throwIfAborted()
    return settings
  }

  async #start(
    settings: ClusterSettings,
  ): Promise<{ readonly plane: ControlPlane; readonly nodes: readonly RunningNode[] }> {
    const { layout, clock, progress, version, closing } = this.#run
    const { serviceBlock, podBlock, domain, runtime } = settings
    const logger = openLogger(this.#run, layout.serverLog)
    const encryption = await encryptionOf(settings, { clock, logger })
    closing.add(() => encryption?.close())
    const tracing = await tracingOf(settings.tracingConfig, { clock, logger, closing })
    await noteFixedSettings(layout.settingsFile, settings)
    const wellKnown = wellKnownAddresses(serviceBlock)
    const claimed =
      runtime === 'containerd' ? this.#startNodes(settings, wellKnown.dns, logger) : Promise.resolve(undefined)
    const reachable = claimed.then((nodes) => (nodes ? ['127.0.0.1', nodes.gateway] : ['127.0.0.1']))
    const names = reachable.then((hosts) => apiServerNames(domain, [...hosts, wellKnown.kubernetes]))
    const [store, nodes, hosts, pki] = await allOrNone([
      openStore(this.#run, logger),
      claimed,
      reachable,
      openPki(this.#run, { ...apiServerNames(domain, []), ipAddresses: names.then(({ ipAddresses }) => ipAddresses) }),
    ])
    const loadBalancer = loadBalancerSource(settings.loadBalancer, nodes ? { pool: nodes.pool } : {})
    const plane: ControlPlane = new ControlPlane({
      clock,
      logger,
      store,
      pki,
      serviceBlock,
      podBlock,
      domain,
      dnsAddress: wellKnown.dns,
      advertiseAddress: nodes?.gateway ?? '127.0.0.1',
      version,
      ...(loadBalancer ? { loadBalancer } : {}),
      ...(encryption ? { encryption } : {}),
      ...tracing,
      ...(nodes
        ? {
            dial: dialThroughNodes({
              nodes: nodes.dialling,
              inner: [...blocksOf(serviceBlock), ...blocksOf(podBlock)],
              podBlocks: (node) => plane.podBlocks(node),
            }),
          }
        : {}),
    })
    closing.add(() => plane.stop())
    // Agents end before the API they report to.
    if (nodes) closing.add(() => nodes.stop('stop'))
    const addresses = { hosts, server: urlAt, local: urlAt }
    await startControlPlane(this.#run, plane, { settings, pki, logger, addresses })
    const pretending = simulatedNodeNames(layout.name, settings)
    if (pretending.length > 0) plane.simulate(simulatedNodes(pretending, familiesOf(podBlock)[0] ?? 'IPv4'))
    if (nodes) {
      const { first } = nodes
      await Promise.all([
        step(progress, 'agents', () => Promise.race([nodes.join(pki, plane.port), plane.failed])),
        settings.ingress && first
          ? plane.serveIngresses({
              directory: layout.ingressDir,
              namespace: first.namespace,
              published: [first.address],
              prepare: this.#options.prepareIngress,
              gatewayApi: settings.gatewayApi,
            })
          : undefined,
      ])
    }
    return { plane, nodes: [...(nodes?.running ?? []), ...pretending.map((name) => ({ name, address: '' }))] }
  }

  async #startNodes(settings: ClusterSettings, dnsAddress: string, logger: Logger): Promise<LocalNodes> {
    const { layout, clock, logLevel, progress, closing } = this.#run
    closing.add(() => removeLeftovers(layout))
    const nodes = await LocalNodes.start({
      layout,
      settings,
      names: nodeNames(layout.name, settings.nodes),
      dnsAddress,
      agentCommand: this.#options.agentCommand,
      clock,
      logger,
      logLevel,
      progress,
    })
    closing.add(() => nodes.stop('stop'))
    return nodes
  }
}

/** Nodes that pretend pull no images: nobody would find out whether these are right. @throws UserError */
function checkHasContainers({ runtime }: ClusterSettings, wanted: Partial<ClusterSettings>): void {
  const { credentialProviderConfig = '', credentialProviderPrograms = '' } = wanted
  if (runtime === 'containerd' || (credentialProviderConfig === '' && credentialProviderPrograms === '')) return
  const flag = credentialProviderConfig === '' ? 'bin-dir' : 'config'
  throw usageError(
    `--image-credential-provider-${flag} is for nodes with real containers, and those with --runtime ${runtime} pull no images: leave it out`,
  )
}

const urlAt = (port: number): string => `https://127.0.0.1:${port}`

/** What is refused before anything was made leaves no folder with a lock and nothing else. */
async function removeUnused({ runDir, lockFile }: ClusterLayout): Promise<void> {
  const left = await readdir(runDir).catch(() => [])
  if (left.length !== 1 || left[0] !== basename(lockFile)) return
  await rm(runDir, { recursive: true, force: true })
  await rmdir(dirname(runDir)).catch(() => undefined)
}
