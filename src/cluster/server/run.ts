import { rm } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Logger } from '#base'
import { hostPort, ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'
import type { ClusterPki } from '#pki'
import type { Store } from '#store'
import { openSharedStore } from '../components/api-store.ts'
import { apiServerNames, wellKnownAddresses } from '../control-plane/addresses.ts'
import { ControlPlane } from '../control-plane/control-plane.ts'
import type { ControlPlaneOptions } from '../control-plane/control-plane.ts'
import { loadBalancerSource } from '../control-plane/load-balancer.ts'
import { encryptionOf } from '../encryption/of-cluster.ts'
import { tracingOf } from '../tracing/of-server.ts'
import { allAddresses, primaryAddress } from '../host/addresses.ts'
import { joinWords } from '../joining/join-command.ts'
import { step } from '../progress.ts'
import { usableToken } from '../joining/token.ts'
import { clusterState, openPki, openStore, startControlPlane } from '../start/control-plane.ts'
import { defaultKubeconfig } from '../start/kubeconfigs.ts'
import { openLogger, runUntilAborted, stayUp } from '../start/run.ts'
import type { Run, RunOptions } from '../start/run.ts'
import { checkPlaces, claimCluster, settleSettings } from '../start/settle.ts'
import type { RunningState } from '../state/running.ts'
import { familiesOf } from '../state/blocks.ts'
import { noteFixedSettings } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { UserError } from '../user-error.ts'
import { endpointOf } from './endpoint.ts'
import { shareCluster } from './sharing.ts'

export interface RunServerOptions extends RunOptions {
  /** What the user asked for; everything else is as it was, or as usual. */
  readonly wanted: Partial<Omit<ClusterSettings, 'nodes' | 'simulatedNodes' | 'runtime'>>
  /** Guards what the servers of one etcd have in common; as last time, or made by the first of them, when absent. */
  readonly serverToken?: string
  /** Makes sure that the machine has what serves Ingresses, when there is one. */
  readonly prepareIngress: () => Promise<void>
  readonly onReady: (state: RunningState, commands: ServerCommands) => void
}

/** Words of commands for other machines. */
export interface ServerCommands {
  /** Makes one a node. */
  readonly join: readonly string[]
  /** Makes one a further server, where servers share an etcd. */
  readonly server?: readonly string[]
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

async function serve(run: Run, { wanted, serverToken, prepareIngress, onReady }: RunServerOptions): Promise<void> {
  const { layout, signal, clock, closing } = run
  closing.add(await claimCluster(layout))
  closing.add(() => rm(layout.runDir, { recursive: true, force: true }))
  const settled = await settleSettings(layout, {
    kubeconfig: defaultKubeconfig(),
    ...wanted,
    nodes: 0,
    runtime: 'remote',
  })
  await checkPlaces(layout, settled)
  // Before anything is left in an etcd, from which alone the families of addresses may be known.
  if (settled.etcd) ownAddress(settled)
  else advertisedAddress(settled)
  signal.throwIfAborted()
  const logger = openLogger(run, layout.serverLog)
  const encryption = await encryptionOf(settled, { clock, logger })
  closing.add(() => encryption?.close())
  const tracing = await tracingOf(settled.tracingConfig, { clock, logger, closing })
  if (!settled.etcd) await noteFixedSettings(layout.settingsFile, settled)
  const store = await openStoreOf(run, settled, logger)
  const shared = settled.etcd
    ? await shareCluster({ store, clock, folder: layout.pkiDir, settings: settled, wanted, token: serverToken })
    : undefined
  const settings = shared?.settings ?? settled
  const advertised = advertisedAddress(settings)
  await noteFixedSettings(layout.settingsFile, settings)
  const { plane, pki } = await start(run, {
    settings,
    advertised,
    logger,
    store,
    serving: { ...(encryption ? { encryption } : {}), ...tracing },
  })
  if (settings.serverIngress === true) {
    const { ingressDir: directory } = layout
    const { gatewayApi } = settings
    await plane.serveIngresses({ directory, published: [advertised], prepare: prepareIngress, gatewayApi })
  }
  const server = `https://${hostPort(advertised, plane.port)}`
  const state = clusterState(run, settings, { server, nodes: [] })
  const token = await usableToken(plane.admin, clock, tokenMs)
  const commands = {
    join: joinWords(joinedServer(settings, advertised, plane.port), token, pki.authority.certificate),
    ...(shared ? { server: serverWords(settings, shared.token) } : {}),
  }
  await stayUp(run, { state, failed: plane.failed, onReady: () => onReady(state, commands) })
}

/**
 * The address by which others reach this server, of the first family of Services: others could not be what the Service
 * `kubernetes` leads to.
 *
 * @throws UserError
 */
function advertisedAddress(settings: ClusterSettings): string {
  const [family] = familiesOf(settings.serviceBlock)
  const address = ownAddress(settings, family)
  if (ipFamilyOf(address) === family) return address
  throw new UserError(
    `Services have addresses of ${family} first, and ${address} is none: name an address of this machine that is with --advertise-address, ` +
      'or choose other families with --ip-families',
  )
}

/** An address by which others reach this server, of that family if it has one. @throws UserError when it has none */
function ownAddress({ advertiseAddress }: ClusterSettings, family?: IPFamily): string {
  const address = advertiseAddress ?? primaryAddress(family)
  if (address !== undefined) return address
  throw new UserError(
    'this machine has no address that others could reach it by: connect it to a network, or name one with --advertise-address',
  )
}

/** Opens what the objects are in: an etcd, or files of the cluster's own. @throws UserError, StoreOpenError */
const openStoreOf = (run: Run, { etcd }: ClusterSettings, logger: Logger): Promise<Store> =>
  etcd
    ? step(run.progress, 'etcd', async () => {
        const store = await openSharedStore(etcd, run.clock, logger)
        run.closing.add(() => store.close())
        return store
      })
    : openStore(run, logger)

/** `https://host:port` by which machines join. */
const joinedServer = (settings: ClusterSettings, advertised: string, port: number): string => {
  const { host, port: named = port } = endpointOf(settings) ?? { host: advertised }
  return `https://${hostPort(host, named)}`
}

/** Words of the command that makes a machine a further server. */
function serverWords({ etcd, controlPlaneEndpoint }: ClusterSettings, token: string): string[] {
  const words = ['k8ts', 'server', '--etcd-servers', (etcd?.endpoints ?? []).join(',')]
  if (etcd && etcd.prefix !== '/registry') words.push('--etcd-prefix', etcd.prefix)
  if (etcd?.caFile !== undefined) words.push('--etcd-cafile', etcd.caFile)
  if (etcd?.client) words.push('--etcd-certfile', etcd.client.certificateFile, '--etcd-keyfile', etcd.client.keyFile)
  if (controlPlaneEndpoint !== undefined) words.push('--control-plane-endpoint', controlPlaneEndpoint)
  return [...words, '--server-token', token]
}

interface Start {
  readonly settings: ClusterSettings
  readonly advertised: string
  readonly logger: Logger
  readonly store: Store
  /** How objects are stored, and who is told how long requests take. */
  readonly serving: Pick<ControlPlaneOptions, 'encryption' | 'tracer'>
}

async function start(
  run: Run,
  { settings, advertised, logger, store, serving }: Start,
): Promise<{ readonly plane: ControlPlane; readonly pki: ClusterPki }> {
  const { clock, version, closing } = run
  const { serviceBlock, podBlock, domain, bindAddress } = settings
  const loadBalancer = loadBalancerSource(settings.loadBalancer)
  const wellKnown = wellKnownAddresses(serviceBlock)
  const pki = await openPki(run, namesOf(settings, advertised, wellKnown.kubernetes))
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
    joining: { server: (port) => joinedServer(settings, advertised, port) },
    shared: settings.etcd !== undefined,
    ...(loadBalancer ? { loadBalancer } : {}),
    ...serving,
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
function namesOf(settings: ClusterSettings, advertised: string, service: string): ReturnType<typeof apiServerNames> {
  const { bindAddress, domain, serverNames } = settings
  const endpoint = endpointOf(settings)
  const given = [advertised, service, ...(isAny(bindAddress) ? allAddresses() : [bindAddress])]
  const further = [...serverNames, ...(endpoint ? [endpoint.host] : [])]
  const names = apiServerNames(domain, [...given, ...further.filter((name) => isIP(name) !== 0)])
  return { ...names, dnsNames: [...new Set([...names.dnsNames, ...further.filter((name) => isIP(name) === 0)])] }
}
