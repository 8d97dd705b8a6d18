import { adminKubeconfig } from '#cluster'
import type { Command } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'

export const kubeconfigCommand: Command = flagCommand({
  name: 'kubeconfig',
  about: "Prints the administrator's kubeconfig of a cluster of this machine.",
  flags: clusterFlags,
  async run({ values }, terminal) {
    terminal.print((await adminKubeconfig(layoutOf(values))).trimEnd())
    return 0
  },
})
