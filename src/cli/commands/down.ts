import type { Command } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { toggle } from '../flags/kinds.ts'
import { terminalProgress } from '../output/progress.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'

interface DownFlags extends ClusterFlags {
  readonly delete: boolean
}

const flags: FlagSet<DownFlags> = {
  ...clusterFlags,
  delete: toggle(false, 'Deletes the data, the images and the context in the kubeconfig too.'),
}

export const downCommand: Command = flagCommand({
  name: 'down',
  about: 'Stops a cluster and its pods, and removes what a killed one left behind. The data stay.',
  flags,
  async run({ values }, terminal) {
    const { checkIsClusters, stopCluster } = await import('../load/down.ts')
    const layout = layoutOf(values)
    if (values.delete) await checkIsClusters(layout)
    using progress = terminalProgress(terminal)
    await stopCluster({ layout, deleteData: values.delete, progress })
    return 0
  },
})
