import { clusterLayout, defaultClusterName } from '#cluster'
import type { ClusterLayout } from '#cluster'
import type { FlagSet } from '../flags/flag.ts'
import { optional, text } from '../flags/kinds.ts'

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
