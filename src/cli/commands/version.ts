import { usageError } from '#cluster'
import type { Command } from '../command.ts'
import { kubernetesVersion, packageVersion } from '../version.ts'

export const versionCommand: Command = {
  async run(parameters, terminal) {
    if (parameters.includes('--help') || parameters.includes('-h')) {
      terminal.print('Usage: k8ts version\n\nPrints the versions of k8ts and of the Kubernetes it speaks.')
      return 0
    }
    const [first] = parameters
    if (first !== undefined)
      throw usageError(`k8ts version takes no parameters, but ${JSON.stringify(first)} was given`)
    terminal.print(`k8ts v${packageVersion()} (Kubernetes ${kubernetesVersion}, Node ${process.version})`)
    return 0
  },
}
