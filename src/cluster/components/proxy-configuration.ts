import { parse } from 'yaml'
import { readText } from '../host/read-text.ts'
import { UserError } from '../user-error.ts'

/** What a KubeProxyConfiguration says of what the proxy does. */
export interface ProxyConfiguration {
  /** `clientConnection.kubeconfig`. */
  readonly kubeconfig?: string
  readonly nodeName?: string
  readonly clusterBlocks?: readonly string[]
  readonly masqueradeAll?: boolean
  readonly nodePortAddresses?: readonly string[]
  readonly healthAddress?: string
  readonly metricsAddress?: string
}

const apiVersion = 'kubeproxy.config.k8s.io/v1alpha1'
const kind = 'KubeProxyConfiguration'

/** Fields that change nothing, for the reasons that `docs/flags.md` gives for their flags. */
const without = new Set(
  (
    'featureGates bindAddress enableProfiling showHiddenMetricsForVersion iptables ipvs winkernel conntrack ' +
    'configSyncPeriod portRange oomScoreAdj udpIdleTimeout bindAddressHardFail logging ' +
    'windowsRunAsService'
  ).split(' '),
)

interface Document {
  readonly apiVersion?: string
  readonly kind?: string
  readonly clientConnection?: { readonly kubeconfig?: string }
  readonly hostnameOverride?: string
  readonly clusterCIDR?: string
  readonly mode?: string
  readonly nftables?: { readonly masqueradeAll?: boolean | null }
  readonly nodePortAddresses?: readonly string[] | null
  readonly healthzBindAddress?: string
  readonly metricsBindAddress?: string
  readonly detectLocalMode?: string
  readonly detectLocal?: object
}

/** Fields that do something. */
const known = new Set(
  (
    'apiVersion kind clientConnection hostnameOverride clusterCIDR mode nftables nodePortAddresses healthzBindAddress metricsBindAddress ' +
    'detectLocalMode detectLocal'
  ).split(' '),
)

/** @throws UserError */
export function readProxyConfiguration(file: string): ProxyConfiguration {
  try {
    return configurationOf(parse(readText(file)) as Document)
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError(`${file}: ${(cause as Error).message}: put it right`, { cause })
  }
}

function configurationOf(document: Document): ProxyConfiguration {
  const found = `${document.apiVersion ?? ''}, Kind=${document.kind ?? ''}`
  if (found !== `${apiVersion}, Kind=${kind}`) throw new Error(`no kind "${kind}" of ${apiVersion}, got ${found}`)
  const unknown = Object.keys(document).find((field) => !known.has(field) && !without.has(field))
  if (unknown !== undefined) throw new Error(`unknown field "${unknown}"`)
  const { mode = '', detectLocalMode = '', clusterCIDR = '', hostnameOverride = '' } = document
  const { healthzBindAddress, metricsBindAddress } = document
  if (mode !== '' && mode !== 'nftables') throw new Error(`mode is "${mode}", must be nftables`)
  if (detectLocalMode !== '' && detectLocalMode !== 'ClusterCIDR') {
    throw new Error(`detectLocalMode is "${detectLocalMode}", must be ClusterCIDR`)
  }
  const { kubeconfig = '' } = document.clientConnection ?? {}
  return {
    ...(kubeconfig === '' ? {} : { kubeconfig }),
    ...(hostnameOverride === '' ? {} : { nodeName: hostnameOverride }),
    ...(clusterCIDR === '' ? {} : { clusterBlocks: clusterCIDR.split(',') }),
    ...(document.nftables?.masqueradeAll ? { masqueradeAll: true } : {}),
    ...(document.nodePortAddresses ? { nodePortAddresses: document.nodePortAddresses } : {}),
    ...(healthzBindAddress === undefined ? {} : { healthAddress: healthzBindAddress }),
    ...(metricsBindAddress ? { metricsAddress: metricsBindAddress } : {}),
  }
}
