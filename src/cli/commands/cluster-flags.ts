import { resolve } from 'node:path'
import { clusterLayout, defaultClusterName } from '#cluster'
import type { ClusterLayout, ClusterSettings } from '#cluster'
import { isDNS1123Subdomain, parseIPRange } from '#machinery'
import type { Flag, FlagSet } from '../flags/flag.ts'
import { optional, path, port, text, toggle } from '../flags/kinds.ts'
import type { ParsedFlags } from '../flags/parse.ts'

/** Which cluster of this machine a command is about. */
export interface ClusterFlags {
  readonly name: string
  readonly 'data-dir': string | undefined
}

export const clusterFlags: FlagSet<ClusterFlags> = {
  name: text(defaultClusterName, 'Name of the cluster.', 'name'),
  'data-dir': path(
    'Folder of its data; /var/lib/k8ts/NAME for root, ~/.local/state/k8ts/NAME for others when absent.',
    'folder',
  ),
}

export function layoutOf(flags: ClusterFlags): ClusterLayout {
  const dataDir = flags['data-dir']
  return clusterLayout({ name: flags.name, ...(dataDir === undefined ? {} : { dataDir: resolve(dataDir) }) })
}

/** Where a cluster is reached that has its control plane here, and how its objects are stored. */
export interface ControlPlaneFlags extends ClusterFlags {
  readonly kubeconfig: string | undefined
  readonly port: number
  readonly 'encryption-provider-config': string | undefined
  readonly 'encryption-provider-config-automatic-reload': boolean
  readonly 'tracing-config-file': string | undefined
}

export const controlPlaneFlags: FlagSet<ControlPlaneFlags> = {
  ...clusterFlags,
  kubeconfig: path('File that gets the context of the cluster; that of kubectl when absent.', 'file'),
  port: port(6443, 'Port of the API server; 0 takes a free one.'),
  'encryption-provider-config': optional('EncryptionConfiguration: how what is stored is encrypted.', 'file'),
  'encryption-provider-config-automatic-reload': toggle(false, 'Whether that file is read again when it changes.'),
  'tracing-config-file': optional('TracingConfiguration: whom the API server tells how long what takes.', 'file'),
}

/** Blocks that pods and Services have addresses from, by family, where nobody says which. */
const usualBlocks = {
  ipv4: { serviceBlock: '10.96.0.0/12', podBlock: '10.244.0.0/16' },
  ipv6: { serviceBlock: 'fd84:96::/112', podBlock: 'fd84:244::/48' },
} as const

type Family = keyof typeof usualBlocks

const families: Flag<readonly Family[]> = {
  default: ['ipv4'],
  value: 'families',
  help:
    'Families of addresses that pods and Services get: "ipv4", "ipv6", or both, first the one of whatever has one address ' +
    'only. It says which blocks are usual.',
  parse(given) {
    const parts = given.split(',').map((part) => part.trim().toLowerCase())
    const found = parts.filter((part): part is Family => part === 'ipv4' || part === 'ipv6')
    if (found.length === parts.length && new Set(found).size === found.length) return found
    throw new Error(`${JSON.stringify(given)} is neither ipv4, ipv6 nor both, separated by a comma`)
  },
}

/** Where Services of type LoadBalancer get their addresses from. */
const loadBalancer: Flag<string> = {
  default: 'auto',
  value: 'addresses',
  help:
    'Addresses for Services of type LoadBalancer: blocks and ranges (192.168.1.200-192.168.1.250), separated by commas, ' +
    'which nodes on that segment answer for; "nodes" for those of the nodes; "off" for none; "auto" for a range of the ' +
    "nodes' own network where they are on this machine, else those of the nodes.",
  parse(given) {
    if (['auto', 'nodes', 'off'].includes(given)) return given
    const parts = given.split(',').map((part) => part.trim())
    const wrong = parts.find((part) => parseIPRange(part) === undefined)
    if (wrong === undefined) return parts.join(',')
    throw new Error(`${JSON.stringify(wrong)} is neither a block, a range nor an address, nor auto, nodes or off`)
  },
}

const domain: Flag<string> = {
  ...text('cluster.local', 'Domain of the cluster.', 'domain'),
  parse(given) {
    const [wrong] = isDNS1123Subdomain(given)
    if (wrong !== undefined) throw new Error(`${JSON.stringify(given)} is no domain: ${wrong}`)
    return given
  },
}

/** Addresses and names inside a cluster. */
export interface NetworkFlags {
  readonly 'ip-families': readonly Family[]
  readonly 'service-cluster-ip-range': string
  readonly 'cluster-cidr': string
  readonly 'cluster-domain': string
  readonly 'load-balancer': string
}

export const networkFlags: FlagSet<NetworkFlags> = {
  'ip-families': families,
  'service-cluster-ip-range': text(
    '10.96.0.0/12',
    'Addresses of Services; for both families two blocks: 10.96.0.0/12,fd84:96::/112.',
    'cidr',
  ),
  'cluster-cidr': text(
    '10.244.0.0/16',
    'Addresses of pods; for both families two blocks: 10.244.0.0/16,fd84:244::/48.',
    'cidr',
  ),
  'cluster-domain': domain,
  'load-balancer': loadBalancer,
}

/** Settings that those flags are about, by flag. */
export const sharedSettings: {
  readonly kubeconfig: 'kubeconfig'
  readonly port: 'port'
  readonly 'encryption-provider-config': 'encryptionConfig'
  readonly 'encryption-provider-config-automatic-reload': 'encryptionReload'
  readonly 'tracing-config-file': 'tracingConfig'
  readonly 'service-cluster-ip-range': 'serviceBlock'
  readonly 'cluster-cidr': 'podBlock'
  readonly 'cluster-domain': 'domain'
  readonly 'load-balancer': 'loadBalancer'
} = {
  kubeconfig: 'kubeconfig',
  port: 'port',
  'encryption-provider-config': 'encryptionConfig',
  'encryption-provider-config-automatic-reload': 'encryptionReload',
  'tracing-config-file': 'tracingConfig',
  'service-cluster-ip-range': 'serviceBlock',
  'cluster-cidr': 'podBlock',
  'cluster-domain': 'domain',
  'load-balancer': 'loadBalancer',
}

/** Settings whose flags were given. @param settings by flag. */
export function settingsGiven<F extends NetworkFlags>(
  settings: { readonly [flag in keyof F]?: keyof ClusterSettings },
  { values, given }: Pick<ParsedFlags<F>, 'values' | 'given'>,
): Partial<ClusterSettings> {
  const own = Object.entries(settings).flatMap(([flag, setting]) =>
    given.has(flag) ? [[setting, values[flag as keyof F]]] : [],
  )
  const blocks = given.has('ip-families') ? blocksFor(values['ip-families']) : {}
  return fromAnywhere({ ...blocks, ...Object.fromEntries(own) })
}

const blocksFor = (wanted: readonly Family[]): Pick<ClusterSettings, 'serviceBlock' | 'podBlock'> => ({
  serviceBlock: wanted.map((family) => usualBlocks[family].serviceBlock).join(','),
  podBlock: wanted.map((family) => usualBlocks[family].podBlock).join(','),
})

const paths = [
  'kubeconfig',
  'encryptionConfig',
  'tracingConfig',
  'credentialProviderConfig',
  'credentialProviderPrograms',
] as const

/** A path holds from whatever folder the cluster is started next. */
function fromAnywhere(settings: Partial<ClusterSettings>): Partial<ClusterSettings> {
  const found = paths.map((name) => [name, settings[name] ?? ''] as const).filter(([, path]) => path !== '')
  return { ...settings, ...Object.fromEntries(found.map(([name, path]) => [name, resolve(path)])) }
}
