import { mkdir, readdir, statfs } from 'node:fs/promises'
import { messageOf } from '#base'
import type { Logger } from '#base'
import { mount } from '../files/mounts.ts'

/** What statfs(2) calls a file system in memory. */
const tmpfs = 0x01021994

/**
 * Makes the folder of a container runtime's running state, in memory, as `/run` is on most machines: a runtime writes there
 * for each container with every write waited for, and none of it may outlive a reboot. What is there already stays where it
 * is: containers may run from it. Where nothing can be mounted, the folder is on the disk.
 */
export async function makeStateFolder(path: string, logger: Logger): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o711 })
  if ((await statfs(path)).type === tmpfs || (await readdir(path)).length > 0) return
  try {
    await mount(['-t', 'tmpfs', '-o', 'mode=0711,nosuid,nodev', 'k8ts-runtime', path])
  } catch (error) {
    logger.info('State of the container runtime is kept on the disk', { path, reason: messageOf(error) })
  }
}
