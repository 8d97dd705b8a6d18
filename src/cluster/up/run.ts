import { readdir, rm, rmdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { createLogger, systemClock } from '#base'
import type { Clock, Logger } from '#base'
import { openClusterPki } from '#pki'
import { openLmdbStore } from '#store/lmdb'
import { Closing } from '../closing.ts'
import { apiServerNames, wellKnownAddresses } from '../control-plane/addresses.ts'
import { ControlPlane } from '../control-plane/control-plane.ts'
import { contextName } from '../down.ts'
import { explain, explainCertificates } from '../explain.ts'
import { checkMachine, machineFacts } from '../host/preconditions.ts'
import { endLeftAgents, removeLeftovers } from '../leftovers.ts'
import { fileLog } from '../log.ts'
import { step } from '../progress.ts'
import type { Progress } from '../progress.ts'
import type { ClusterLayout } from '../state/layout.ts'
import { removeRunningState, writeRunningState } from '../state/running.ts'
import type { RunningState } from '../state/running.ts'
import { nodeNames, simulatedNodeNames, writeSettings } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { UserError } from '../user-error.ts'
import { dialThroughNodes } from './dial.ts'
import { defaultKubeconfig, writeKubeconfigs } from './kubeconfigs.ts'
import { LocalNodes } from './local-nodes.ts'
import { nodesReady, untilAborted } from './ready.ts'
import { claimCluster, settleSettings } from './settle.ts'
import { simulatedNodes } from './simulated-nodes.ts'

export interface RunClusterOptions {
  readonly layout: ClusterLayout
  /** What the user asked for; everything else is as it was, or as usual. */
  readonly wanted: Partial<ClusterSettings>
  /** Release that servers and nodes say they run: `v1.36.2`. */
  readonly version: string
  /** Program and parameters of an agent. */
  readonly agentCommand: readonly [string, ...string[]]
  /** Makes sure that the machine has what real containers need. */
  readonly prepareMachine: () => Promise<void>
  readonly logLevel: 'debug' | 'info' | 'warn'
  readonly progress: Progress
  /** Stops the cluster. */
  readonly signal: AbortSignal
  readonly onReady: (state: RunningState) => void
}

/**
 * Starts a cluster on this machine, or one that was stopped or killed again, and runs it until the signal aborts. Then
 * its pods stop and nothing is left but its data.
 *
 * @throws UserError, Error
 */
export async function runCluster(options: RunClusterOptions): Promise<void> {
  const { layout } = options
  try {
    await using closing = new Closing()
    await new ClusterRun(options, closing).run()
  } catch (error) {
    if (options.signal.aborted && error === options.signal.reason) return
    throw explain(error, layout.dataDir)
  }
}

class ClusterRun {
  readonly #options: RunClusterOptions
  readonly #closing: Closing
  readonly #clock: Clock = systemClock

  constructor(options: RunClusterOptions, closing: Closing) {
    this.#options = options
    this.#closing = closing
  }

  async run(): Promise<void> {
    const { layout, wanted, signal, progress, onReady } = this.#options
    this.#closing.add(await claimCluster(layout))
    this.#closing.add(() => removeUnused(layout))
    const settings = await settleSettings(layout, {
      kubeconfig: defaultKubeconfig(),
      ...wanted,
    })
    if (settings.runtime === 'remote') {
      throw new UserError(
        `cluster ${layout.name} has its nodes on machines of their own: start it with k8ts server --name ${layout.name}, or start another with --name`,
      )
    }
    if (settings.runtime === 'containerd') {
      checkMachine(machineFacts())
      await this.#options.prepareMachine()
      await endLeftAgents(layout)
    } else this.#closing.add(() => rm(layout.runDir, { recursive: true, force: true }))
    signal.throwIfAborted()
    await writeSettings(layout.settingsFile, settings)
    const logger = this.#log()
    const { plane, nodes } = await this.#start(settings, logger)
    const state = this.#state(settings, plane, nodes)
    const names = state.nodes.map(({ name }) => name)
    await step(
      progress,
      'nodes ready',
      () => Promise.race([nodesReady(plane.admin, names, { clock: this.#clock, signal }), plane.failed]),
      () => String(names.length),
    )
    await writeRunningState(layout.stateFile, state)
    this.#closing.add(() => removeRunningState(layout.stateFile))
    onReady(state)
    await Promise.race([untilAborted(signal), plane.failed])
  }

  #log(): Logger {
    const { layout, logLevel } = this.#options
    const log = fileLog(layout.serverLog)
    this.#closing.add(() => log.close())
    return createLogger(logLevel, log.write)
  }

  async #start(
    settings: ClusterSettings,
    logger: Logger,
  ): Promise<{ readonly plane: ControlPlane; readonly nodes: LocalNodes | undefined }> {
    const { layout, progress, version } = this.#options
    const clock = this.#clock
    const wellKnown = wellKnownAddresses(settings.serviceBlock)
    const [store, nodes] = await bothOrNeither([
      step(progress, 'store', () => openLmdbStore({ directory: layout.storeDir, clock, logger })).then((opened) => {
        this.#closing.add(() => opened.close())
        return opened
      }),
      settings.runtime === 'containerd'
        ? this.#startNodes(settings, wellKnown.dns, logger)
        : Promise.resolve(undefined),
    ])
    const gateway = nodes?.network.gateway
    const reachable = gateway === undefined ? ['127.0.0.1'] : ['127.0.0.1', gateway]
    const pki = await step(progress, 'certificates', () =>
      openClusterPki({
        clock,
        folder: layout.pkiDir,
        ...apiServerNames(settings.domain, [...reachable, wellKnown.kubernetes]),
      }).catch((error: unknown) => {
        throw explainCertificates(error, layout.pkiDir)
      }),
    )
    this.#closing.add(() => pki.settled)
    const { serviceBlock, podBlock } = settings
    const plane: ControlPlane = new ControlPlane({
      clock,
      logger,
      store,
      pki,
      serviceBlock,
      podBlock,
      domain: settings.domain,
      dnsAddress: wellKnown.dns,
      advertiseAddress: gateway ?? '127.0.0.1',
      version,
      ...(nodes
        ? {
            dial: dialThroughNodes({
              nodes: nodes.dialling,
              inner: [serviceBlock, podBlock],
              podBlocks: (node) => plane.podBlocks(node),
            }),
          }
        : {}),
    })
    this.#closing.add(() => plane.stop())
    // Agents end before the API they report to.
    if (nodes) this.#closing.add(() => nodes.stop('stop'))
    await step(
      progress,
      'API server',
      () => plane.listen(settings.port, reachable),
      () => `https://127.0.0.1:${plane.port}`,
    )
    await step(progress, 'first objects', () => plane.start())
    await writeKubeconfigs(
      pki,
      `https://127.0.0.1:${plane.port}`,
      [layout.adminKubeconfig, settings.kubeconfig ?? defaultKubeconfig()].map((path) => ({
        path,
        context: contextName(layout.name),
      })),
      (error) => logger.error('Kubeconfig could not be written', { error }),
    )
    const pretending = simulatedNodeNames(layout.name, settings)
    if (pretending.length > 0) plane.simulate(simulatedNodes(pretending))
    if (nodes) await step(progress, 'agents', () => Promise.race([nodes.join(pki, plane.port), plane.failed]))
    return { plane, nodes }
  }

  async #startNodes(settings: ClusterSettings, dnsAddress: string, logger: Logger): Promise<LocalNodes> {
    const { layout, agentCommand, logLevel, progress } = this.#options
    this.#closing.add(() => removeLeftovers(layout))
    return LocalNodes.start({
      layout,
      settings,
      names: nodeNames(layout.name, settings.nodes),
      dnsAddress,
      agentCommand,
      clock: this.#clock,
      logger,
      logLevel,
      progress,
    })
  }

  #state(settings: ClusterSettings, plane: ControlPlane, nodes: LocalNodes | undefined): RunningState {
    const { layout } = this.#options
    return {
      name: layout.name,
      server: `https://127.0.0.1:${plane.port}`,
      runtime: settings.runtime,
      dataDir: layout.dataDir,
      adminKubeconfig: layout.adminKubeconfig,
      kubeconfig: settings.kubeconfig ?? defaultKubeconfig(),
      context: contextName(layout.name),
      startedAt: this.#clock.now(),
      nodes: [
        ...(nodes?.running ?? []),
        ...simulatedNodeNames(layout.name, settings).map((name) => ({ name, address: '' })),
      ],
    }
  }
}

/** Waits for all, also when one fails, so that everything can be undone that was done. */
async function bothOrNeither<A, B>([a, b]: readonly [Promise<A>, Promise<B>]): Promise<readonly [A, B]> {
  const [first, second] = await Promise.allSettled([a, b])
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}

/** What is refused before anything was made leaves no folder with a lock and nothing else. */
async function removeUnused({ runDir, lockFile }: ClusterLayout): Promise<void> {
  const left = await readdir(runDir).catch(() => [])
  if (left.length !== 1 || left[0] !== basename(lockFile)) return
  await rm(runDir, { recursive: true, force: true })
  await rmdir(dirname(runDir)).catch(() => undefined)
}
