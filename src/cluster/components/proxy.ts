import { createNetworkPolicies, createProxy } from '#proxy'
import type { Proxy } from '#proxy'
import { createHealthCheckServer, createNftPacketFilter, createNftPolicyFilter, serveProxyHealth } from '#proxy/nft'
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
  const file = configFile === undefined ? {} : await readProxyConfiguration(configFile)
  const settings: ProxySettings = { ...usual, ...file, ...given }
  const { nodeName, clusterBlocks, nodePortAddresses, masqueradeAll, healthAddress } = settings
  const remote = await connectRemote('kube-proxy', settings)
  try {
    const { clock, logger, informers } = remote
    const shared = { informers, clock, logger, nodeName }
    const proxy = createProxy({
      ...shared,
      masqueradeAll,
      packetFilter: createNftPacketFilter({ table: 'k8ts-services', logger }),
      healthChecks: createHealthCheckServer(),
      ...(clusterBlocks.length > 0 ? { clusterCIDRs: clusterBlocks } : {}),
      ...(nodePortAddresses.length > 0 ? { nodePortAddresses } : {}),
    })
    const policies = createNetworkPolicies({
      ...shared,
      policyFilter: createNftPolicyFilter({ table: 'k8ts-policies' }),
    })
    const closeHealth = await serveHealth(proxy, healthAddress)
    try {
      await runParts([[informers], [proxy, policies]], remote, signal)
    } finally {
      await closeHealth()
    }
  } finally {
    await remote.close()
  }
}

function serveHealth(proxy: Proxy, address: string): Promise<() => Promise<void>> {
  if (address === '') return Promise.resolve(async () => undefined)
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? []
  if (port === '') throw usageError(`flag --healthz-bind-address: "${address}" is no address like 0.0.0.0:10256`)
  return serveProxyHealth(() => proxy.health(), { host, port: Number(port) })
}
