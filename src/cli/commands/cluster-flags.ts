import { clusterLayout, defaultClusterName } from '#cluster'
import type { ClusterLayout, ClusterSettings } from '#cluster'
import type { FlagSet } from '../flags/flag.ts'
import { optional, port, text } from '../flags/kinds.ts'
import type { ParsedFlags } from '../flags/parse.ts'

/** Which cluster of this machine a command is about. */
export interface ClusterFlags {
  readonly name: string
  readonly 'data-dir': string | undefined
}

export const clusterFlags: FlagSet<ClusterFlags> = {
  name: text(defaultClusterName, 'Name of the cluster.', 'name'),
  'data-dir': optional(
    'Folder of its data; /var/lib/k8ts/NAME for root, ~/.local/state/k8ts/NAME for others when absent.',
    'folder',
  ),
}

export function layoutOf(flags: ClusterFlags): ClusterLayout {
  const dataDir = flags['data-dir']
  return clusterLayout({ name: flags.name, ...(dataDir === undefined ? {} : { dataDir }) })
}

/** Where a cluster is reached that has its control plane here. */
export interface ControlPlaneFlags extends ClusterFlags {
  readonly kubeconfig: string | undefined
  readonly port: number
}

export const controlPlaneFlags: FlagSet<ControlPlaneFlags> = {
  ...clusterFlags,
  kubeconfig: optional('File that gets the context of the cluster; that of kubectl when absent.', 'file'),
  port: port(6443, 'Port of the API server; 0 takes a free one.'),
}

/** Addresses and names inside a cluster. */
export interface NetworkFlags {
  readonly 'service-cluster-ip-range': string
  readonly 'cluster-cidr': string
  readonly 'cluster-domain': string
}

export const networkFlags: FlagSet<NetworkFlags> = {
  'service-cluster-ip-range': text('10.96.0.0/12', 'Addresses of Services.', 'cidr'),
  'cluster-cidr': text('10.244.0.0/16', 'Addresses of pods.', 'cidr'),
  'cluster-domain': text('cluster.local', 'Domain of the cluster.', 'domain'),
}

/** Settings that those flags are about, by flag. */
export const sharedSettings: {
  readonly kubeconfig: 'kubeconfig'
  readonly port: 'port'
  readonly 'service-cluster-ip-range': 'serviceBlock'
  readonly 'cluster-cidr': 'podBlock'
  readonly 'cluster-domain': 'domain'
} = {
  kubeconfig: 'kubeconfig',
  port: 'port',
  'service-cluster-ip-range': 'serviceBlock',
  'cluster-cidr': 'podBlock',
  'cluster-domain': 'domain',
}

/** Settings whose flags were given. @param settings by flag. */
export const settingsGiven = <F extends object>(
  settings: { readonly [flag in keyof F]?: keyof ClusterSettings },
  { values, given }: Pick<ParsedFlags<F>, 'values' | 'given'>,
): Partial<ClusterSettings> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([flag, setting]) =>
      given.has(flag) ? [[setting, values[flag as keyof F]]] : [],
    ),
  )
