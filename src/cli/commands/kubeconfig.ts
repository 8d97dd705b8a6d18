import { adminKubeconfig, usageError } from '#cluster'
import type { Command } from '../command.ts'
import { parseFlags } from '../flags/parse.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'
import { helpPage } from './help.ts'

export const kubeconfigCommand: Command = {
  async run(parameters, terminal) {
    const { values, rest, help } = parseFlags(parameters, { command: 'k8ts kubeconfig', flags: clusterFlags })
    if (help) {
      const about = "Prints the administrator's kubeconfig of a cluster of this machine."
      terminal.print(helpPage('kubeconfig [flags]', about, clusterFlags))
      return 0
    }
    if (rest.length > 0) {
      throw usageError(`k8ts kubeconfig takes no parameters, but ${JSON.stringify(rest[0])} was given`)
    }
    terminal.print((await adminKubeconfig(layoutOf(values))).trimEnd())
    return 0
  },
}
