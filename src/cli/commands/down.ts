import { usageError } from '#cluster'
import type { Command } from '../command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { toggle } from '../flags/kinds.ts'
import { parseFlags } from '../flags/parse.ts'
import { terminalProgress } from '../output/progress.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'
import { helpPage } from './help.ts'

interface DownFlags extends ClusterFlags {
  readonly delete: boolean
}

const flags: FlagSet<DownFlags> = {
  ...clusterFlags,
  delete: toggle(false, 'Deletes the data, the images and the context in the kubeconfig too.'),
}

export const downCommand: Command = {
  async run(parameters, terminal) {
    const { values, rest, help } = parseFlags(parameters, { command: 'k8ts down', flags })
    if (help) {
      const about = 'Stops a cluster and its pods, and removes what a killed one left behind. The data stay.'
      terminal.print(helpPage('down [flags]', about, flags))
      return 0
    }
    if (rest.length > 0) throw usageError(`k8ts down takes no parameters, but ${JSON.stringify(rest[0])} was given`)
    const { stopCluster } = await import('../load/down.ts')
    const progress = terminalProgress(terminal)
    try {
      await stopCluster({ layout: layoutOf(values), deleteData: values.delete, progress })
    } finally {
      progress.close()
    }
    return 0
  },
}
