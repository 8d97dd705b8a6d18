import { rm } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostPort } from '#machinery'
import type { ClusterPki } from '#pki'
import { allOrNone } from '../closing.ts'
import { apiServerNames, wellKnownAddresses } from '../control-plane/addresses.ts'
import { ControlPlane } from '../control-plane/control-plane.ts'
import { loadBalancerSource } from '../control-plane/load-balancer.ts'
import { encryptionOf } from '../encryption/of-cluster.ts'
import { allAddresses, primaryAddress } from '../host/addresses.ts'
import { joinWords } from '../joining/join-command.ts'
import { usableToken } from '../joining/token.ts'
import { clusterState, openPki, openStore, startControlPlane } from '../start/control-plane.ts'
import { defaultKubeconfig } from '../start/kubeconfigs.ts'
import { openLogger, runUntilAborted, stayUp } from '../start/run.ts'
import type { Run, RunOptions } from '../start/run.ts'
import { claimCluster, settleSettings } from '../start/settle.ts'
import type { RunningState } from '../state/running.ts'
import { writeSettings } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { UserError } from '../user-error.ts'

export interface RunServerOptions extends RunOptions {
  /** What the user asked for; everything else is as it was, or as usual. */
  readonly wanted: Partial<Omit<ClusterSettings, 'nodes' | 'simulatedNodes' | 'runtime'>>
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
export const runServer = (options: RunServerOptions): Promise<void> =>
  runUntilAborted(options, (run) => serve(run, options))

async function serve(run: Run, { wanted, onReady }: RunServerOptions): Promise<void> {
  const { layout, signal, clock, closing } = run
  closing.add(await claimCluster(layout))
  closing.add(() => rm(layout.runDir, { recursive: true, force: true }))
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
  const { plane, pki } = await start(run, settings, advertised)
  const state = clusterState(run, settings, { server: `https://${hostPort(advertised, plane.port)}`, nodes: [] })
  const token = await usableToken(plane.admin, clock, tokenMs)
  const join = joinWords(state.server, token, pki.authority.certificate)
  await stayUp(run, { state, failed: plane.failed, onReady: () => onReady(state, join) })
}

async function start(
  run: Run,
  settings: ClusterSettings,
  advertised: string,
): Promise<{ readonly plane: ControlPlane; readonly pki: ClusterPki }> {
  const { layout, clock, version, closing } = run
  const { serviceBlock, podBlock, domain, bindAddress } = settings
  const loadBalancer = loadBalancerSource(settings.loadBalancer)
  const logger = openLogger(run, layout.serverLog)
  const encryption = await encryptionOf(settings, { clock, logger })
  closing.add(() => encryption?.close())
  const wellKnown = wellKnownAddresses(serviceBlock)
  const [store, pki] = await allOrNone([
    openStore(run, logger),
    openPki(run, namesOf(settings, advertised, wellKnown.kubernetes)),
  ])
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
    ...(loadBalancer ? { loadBalancer } : {}),
    ...(encryption ? { encryption } : {}),
    controllers: ['*', 'bootstrap-signer-controller', 'token-cleaner-controller'],
  })
  closing.add(() => plane.stop())
  const local = isAny(bindAddress) ? '127.0.0.1' : bindAddress
  await startControlPlane(run, plane, {
    settings,
    pki,
    logger,
    addresses: {
      hosts: [bindAddress],
      server: (port) => `https://${hostPort(advertised, port)}`,
      local: (port) => `https://${hostPort(local, port)}`,
    },
  })
  return { plane, pki }
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
