import { usageError } from '#cluster'
import type { Command } from '../command.ts'
import { kubernetesVersion } from '../version.ts'

/** A node in a process of its own, which that of the cluster has started and tells what to do. */
export const agentCommand: Command = {
  async run(parameters) {
    if (parameters[0] !== '--supervised') {
      throw usageError('k8ts agent runs under a cluster that k8ts up has started: use k8ts up --nodes N for more nodes')
    }
    const { runSupervisedAgent } = await import('#cluster')
    await runSupervisedAgent(kubernetesVersion)
    return process.exitCode === undefined ? 0 : Number(process.exitCode)
  },
}
