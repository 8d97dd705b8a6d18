import { existsSync } from 'node:fs'
import { release } from 'node:os'
import { UserError } from '../user-error.ts'

/** What the machine is like. */
export interface MachineFacts {
  readonly platform: string
  /** As `uname -r` says it. */
  readonly kernel: string
  readonly userId: number
  readonly hasCgroups: boolean
}

export const machineFacts = (): MachineFacts => ({
  platform: process.platform,
  kernel: release(),
  userId: process.getuid?.() ?? 0,
  hasCgroups: existsSync('/sys/fs/cgroup/cgroup.controllers') || existsSync('/sys/fs/cgroup/memory'),
})

/** First kernel whose nftables, overlay file system and namespaces do all that a node asks for. */
const oldestKernel = [4, 19] as const
const instead = 'or with --runtime simulated, which does without'

/**
 * Checks that a machine can carry nodes with real containers.
 *
 * @throws UserError
 */
export function checkMachine({ platform, kernel, userId, hasCgroups }: MachineFacts): void {
  if (platform !== 'linux') {
    throw new UserError(`containers need Linux, this machine runs ${platform}: start with --runtime simulated`)
  }
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number)
  if (major < oldestKernel[0] || (major === oldestKernel[0] && minor < oldestKernel[1])) {
    throw new UserError(
      `kernel ${kernel} is not supported: use Linux ${oldestKernel.join('.')} or newer, ` +
        'or start with --runtime simulated',
    )
  }
  if (userId !== 0) {
    throw new UserError(`containers and networks need root: start as root (sudo), ${instead}`)
  }
  if (!hasCgroups) {
    throw new UserError(
      'no cgroups are mounted at /sys/fs/cgroup: mount them (mount -t cgroup2 none /sys/fs/cgroup), ' +
        'or start with --runtime simulated',
    )
  }
}
