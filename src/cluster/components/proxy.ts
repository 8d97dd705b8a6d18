import { expositionText, ipFamilyOf } from '#machinery'
import { createNetworkPolicies, createProxy } from '#proxy'
import type { Proxy } from '#proxy'
import {
  createHealthCheckServer,
  createNftPacketFilter,
  createNftPolicyFilter,
  serveProxyHealth,
  serveProxyMetrics,
} from '#proxy/nft'
import { Closing } from '../closing.ts'
import { explainingListen } from '../host/listening.ts'
import { processMetrics } from '../serving/metrics.ts'
import { usageError } from '../user-error.ts'
import { readProxyConfiguration } from './proxy-configuration.ts'
import { connectRemote, runParts } from './remote.ts'
import type { RemoteSettings } from './remote.ts'

/** The service proxy by itself. */
export interface ProxySettings extends RemoteSettings {
  readonly nodeName: string
  /** Addresses of pods. */
  readonly clusterBlocks: readonly string[]
  readonly masqueradeAll: boolean
  /** Blocks of the node's addresses on which node ports are open; all when empty. */
  readonly nodePortAddresses: readonly string[]
  /** Where health is told, as `address:port`; nowhere when empty. */
  readonly healthAddress: string
  /** Where metrics are told, as `address:port`; nowhere when empty. */
  readonly metricsAddress: string
}

/** What flags say, over what the file of `--config` says. */
export interface ProxyStart {
  /** File with a KubeProxyConfiguration. */
  readonly configFile?: string
  /** What holds where neither a flag nor the file says anything. */
  readonly usual: ProxySettings
  readonly given: Partial<ProxySettings>
}

/** Runs the service proxy, and the network policies, until the signal aborts. The rules stay. @throws UserError, Error */
export async function runProxy({ configFile, usual, given }: ProxyStart, signal: AbortSignal): Promise<void> {
  const file = configFile === undefined ? {} : readProxyConfiguration(configFile)
  const settings: ProxySettings = { ...usual, ...file, ...given }
  const { nodeName, clusterBlocks, nodePortAddresses, masqueradeAll, healthAddress, metricsAddress } = settings
  await using remote = await connectRemote('kube-proxy', settings)
  await using closing = new Closing()
  const { clock, logger, informers } = remote
  const shared = { informers, clock, logger, nodeName }
  // Services of a family that pods don't have lead nowhere.
  const ofFamilies = clusterBlocks.length > 0 ? { families: [...new Set(clusterBlocks.map(ipFamilyOf))] } : {}
  const proxy = createProxy({
    ...shared,
    masqueradeAll,
    packetFilter: createNftPacketFilter({ table: 'k8ts-services', logger, ...ofFamilies }),
    healthChecks: createHealthCheckServer(),
    ...(clusterBlocks.length > 0 ? { clusterCIDRs: clusterBlocks } : {}),
    ...(nodePortAddresses.length > 0 ? { nodePortAddresses } : {}),
  })
  const policies = createNetworkPolicies({
    ...shared,
    policyFilter: createNftPolicyFilter({ table: 'k8ts-policies', ...ofFamilies }),
    clusterPolicies: true,
  })
  closing.add(await serveHealth(proxy, healthAddress))
  closing.add(await serveMetrics(proxy, metricsAddress))
  await runParts([[informers], [proxy, policies]], remote, signal)
}

function serveHealth(proxy: Proxy, address: string): Promise<() => Promise<void>> {
  if (address === '') return Promise.resolve(async () => undefined)
  const flag = '--healthz-bind-address'
  const place = placeOf(address, flag, '0.0.0.0:10256')
  const answered = (path: 'healthz' | 'livez', code: number): void => proxy.metrics.answered(path, code)
  return serveProxyHealth(() => proxy.health(), { ...place, answered }).catch(
    explainingListen(place, { port: flag, address: flag }),
  )
}

function serveMetrics({ metrics }: Proxy, address: string): Promise<() => Promise<void>> {
  if (address === '') return Promise.resolve(async () => undefined)
  const flag = '--metrics-bind-address'
  const place = placeOf(address, flag, '127.0.0.1:10249')
  return serveProxyMetrics({ ...place, text: () => metrics.text() + expositionText(processMetrics()) }).catch(
    explainingListen(place, { port: flag, address: flag }),
  )
}

function placeOf(address: string, flag: string, usual: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? []
  if (port === '') throw usageError(`flag ${flag}: "${address}" is no address like ${usual}`)
  return { host, port: Number(port) }
}
