import type { CommandEntry } from './command.ts'

/** All commands, in the order of the overview. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'version',
    summary: 'print the versions of k8ts and of the Kubernetes it speaks',
    section: 'Clusters',
    load: async () => (await import('./commands/version.ts')).versionCommand,
  },
]
