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
    const { stopCluster } = await import('../load/down.ts')
    using progress = terminalProgress(terminal)
    await stopCluster({ layout: layoutOf(values), deleteData: values.delete, progress })
    return 0
  },
})
