import { ingressRequirements, nodeExtras, silentProgress } from '#cluster'
import type { Progress } from '#cluster'
import type { Terminal } from '../command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { toggle } from '../flags/kinds.ts'

/** What nodes with real containers may do to their machine. */
export interface MachineFlags {
  readonly 'no-install': boolean
}

export const machineFlags: FlagSet<MachineFlags> = {
  'no-install': toggle(false, 'Refuses to install system packages that are missing.'),
}

/** What makes sure that the machine has what containers need. */
export const preparation =
  (flags: MachineFlags, terminal: Terminal, progress: Progress): (() => Promise<void>) =>
  async () => {
    const { ensureSystemPackages } = await import('../system/packages.ts')
    await ensureSystemPackages({
      mayInstall: !flags['no-install'],
      say: (line) => terminal.print(line),
      progress,
      extras: nodeExtras,
    })
  }

/** What makes sure that the machine has what Ingresses need, once there are any. */
export const ingressPreparation = (flags: MachineFlags) => async (): Promise<void> => {
  const { ensureSystemPackages } = await import('../system/packages.ts')
  await ensureSystemPackages({
    mayInstall: !flags['no-install'],
    say: () => undefined,
    progress: silentProgress,
    requirements: ingressRequirements,
    otherwise: 'start with --ingress=false',
  })
}
