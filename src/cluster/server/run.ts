import { rm } from 'node:fs/promises'
import { isIP } from 'node:net'
import { createLogger, systemClock } from '#base'
import type { Clock, Logger } from '#base'
import { hostPort } from '#machinery'
import { openClusterPki } from '#pki'
import type { ClusterPki } from '#pki'
import { openLmdbStore } from '#store/lmdb'
import { Closing } from '../closing.ts'
import { apiServerNames, wellKnownAddresses } from '../control-plane/addresses.ts'
import { ControlPlane } from '../control-plane/control-plane.ts'
import { contextName } from '../down.ts'
import { explain } from '../explain.ts'
import { allAddresses, primaryAddress } from '../host/addresses.ts'
import { fileLog } from '../log.ts'
import { joinWords } from '../joining/join-command.ts'
import { usableToken } from '../joining/token.ts'
import { step } from '../progress.ts'
import type { Progress } from '../progress.ts'
import type { ClusterLayout } from '../state/layout.ts'
import { removeRunningState, writeRunningState } from '../state/running.ts'
import type { RunningState } from '../state/running.ts'
import { writeSettings } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { defaultKubeconfig, writeKubeconfigs } from '../up/kubeconfigs.ts'
import { untilAborted } from '../up/ready.ts'
import { claimCluster, settleSettings } from '../up/settle.ts'
import { UserError } from '../user-error.ts'

export interface RunServerOptions {
  readonly layout: ClusterLayout
  /** What the user asked for; everything else is as it was, or as usual. */
  readonly wanted: Partial<Omit<ClusterSettings, 'nodes' | 'simulatedNodes' | 'runtime'>>
  /** Release that the server says it runs: `v1.36.2`. */
  readonly version: string
  readonly logLevel: 'debug' | 'info' | 'warn'
  readonly progress: Progress
  /** Stops the server. */
  readonly signal: AbortSignal
  /** @param join words of the command that makes another machine a node. */
  readonly onReady: (state: RunningState, join: readonly string[]) => void
}

/** Milliseconds that the token is good for by which the first machines join. */
const tokenMs = 24 * 3_600_000

/**
 * Runs the control plane of a cluster whose nodes are other machines, or this one, and join by themselves. Ends when the
 * signal aborts; nodes and pods go on without.
 *
 * @throws UserError, Error
 */
export async function runServer(options: RunServerOptions): Promise<void> {
  const { layout, signal } = options
  try {
    await using closing = new Closing()
    await new ServerRun(options, closing).run()
  } catch (error) {
    if (signal.aborted && error === signal.reason) return
    throw explain(error, layout.dataDir)
  }
}

class ServerRun {
  readonly #options: RunServerOptions
  readonly #closing: Closing
  readonly #clock: Clock = systemClock

  constructor(options: RunServerOptions, closing: Closing) {
    this.#options = options
    this.#closing = closing
  }

  async run(): Promise<void> {
    const { layout, wanted, signal, onReady } = this.#options
    this.#closing.add(await claimCluster(layout))
    this.#closing.add(() => rm(layout.runDir, { recursive: true, force: true }))
    const settings = await settleSettings(layout, {
      kubeconfig: defaultKubeconfig(),
      ...wanted,
      nodes: 0,
      runtime: 'remote',
    })
    const advertised = settings.advertiseAddress ?? primaryAddress()
    if (advertised === undefined) {
      throw new UserError(
        'this machine has no address that others could reach it by: connect it to a network, or name one with --advertise-address',
      )
    }
    signal.throwIfAborted()
    await writeSettings(layout.settingsFile, settings)
    const log = fileLog(layout.serverLog)
    this.#closing.add(() => log.close())
    const logger = createLogger(this.#options.logLevel, log.write)
    const { plane, pki } = await this.#start(settings, advertised, logger)
    const state: RunningState = {
      name: layout.name,
      server: `https://${hostPort(advertised, plane.port)}`,
      runtime: settings.runtime,
      dataDir: layout.dataDir,
      adminKubeconfig: layout.adminKubeconfig,
      kubeconfig: settings.kubeconfig ?? defaultKubeconfig(),
      context: contextName(layout.name),
      startedAt: this.#clock.now(),
      nodes: [],
    }
    await writeRunningState(layout.stateFile, state)
    this.#closing.add(() => removeRunningState(layout.stateFile))
    const token = await usableToken(plane.admin, this.#clock, tokenMs)
    onReady(state, joinWords(state.server, token, pki.authority.certificate))
    await Promise.race([untilAborted(signal), plane.failed])
  }

  async #start(
    settings: ClusterSettings,
    advertised: string,
    logger: Logger,
  ): Promise<{ readonly plane: ControlPlane; readonly pki: ClusterPki }> {
    const { layout, progress, version } = this.#options
    const { serviceBlock, podBlock, domain, bindAddress, port } = settings
    const clock = this.#clock
    const wellKnown = wellKnownAddresses(serviceBlock)
    const store = await step(progress, 'store', () => openLmdbStore({ directory: layout.storeDir, clock, logger }))
    this.#closing.add(() => store.close())
    const pki = await step(progress, 'certificates', () =>
      openClusterPki({ clock, folder: layout.pkiDir, ...namesOf(settings, advertised, wellKnown.kubernetes) }),
    )
    this.#closing.add(() => pki.settled)
    const plane = new ControlPlane({
      clock,
      logger,
      store,
      pki,
      serviceBlock,
      podBlock,
      domain,
      dnsAddress: wellKnown.dns,
      advertiseAddress: advertised,
      version,
      joining: true,
      controllers: ['*', 'bootstrap-signer-controller', 'token-cleaner-controller'],
    })
    this.#closing.add(() => plane.stop())
    await step(
      progress,
      'API server',
      () => plane.listen(port, [bindAddress]),
      () => `https://${hostPort(advertised, plane.port)}`,
    )
    await step(progress, 'first objects', () => plane.start())
    const local = isAny(bindAddress) ? '127.0.0.1' : bindAddress
    await writeKubeconfigs(
      pki,
      `https://${hostPort(local, plane.port)}`,
      [layout.adminKubeconfig, settings.kubeconfig ?? defaultKubeconfig()].map((path) => ({
        path,
        context: contextName(layout.name),
      })),
      (error) => logger.error('Kubeconfig could not be written', { error }),
    )
    return { plane, pki }
  }
}

const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::'

/** What the API server's certificate is for: all addresses by which this machine may be found, and what was asked for. */
function namesOf(
  { bindAddress, domain, serverNames }: ClusterSettings,
  advertised: string,
  service: string,
): ReturnType<typeof apiServerNames> {
  const given = [advertised, service, ...(isAny(bindAddress) ? allAddresses() : [bindAddress])]
  const names = apiServerNames(domain, [...given, ...serverNames.filter((name) => isIP(name) !== 0)])
  return { ...names, dnsNames: [...new Set([...names.dnsNames, ...serverNames.filter((name) => isIP(name) === 0)])] }
}
