import { usageError } from '#cluster'
import type { Command } from '../command.ts'
import { kubernetesVersion } from '../version.ts'

export const agentCommand: Command = {
  async run(parameters) {
    if (parameters[0] !== '--supervised') throw usageError('k8ts agent joins')
    const { runSupervisedAgent } = await import('#cluster')
    await runSupervisedAgent(kubernetesVersion)
    return process.exitCode === undefined ? 0 : Number(process.exitCode)
  },
}
