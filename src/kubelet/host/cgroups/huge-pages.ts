import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises'
import type { Logger } from '#base'
import { run } from '../files/mounts.ts'
import { mountedHierarchies, mountOf, versionOf } from './hierarchies.ts'

const folder = '/sys/fs/cgroup/hugetlb'
/** What the table of mounts calls a hierarchy that was mounted here. */
const source = 'k8ts'

/**
 * On machines with cgroups v1, mounts the controller of huge pages where nobody did: without it containers' limits of huge
 * pages hold nobody. Where it can't be, it is missing as before.
 */
export async function mountHugePages(logger: Logger): Promise<void> {
  const hierarchies = mountedHierarchies()
  if (versionOf(hierarchies) === 2 || mountOf(hierarchies, 'hugetlb') !== undefined) return
  if (!/^hugetlb\t.*\t1$/m.test(await readFile('/proc/cgroups', 'utf8'))) return
  try {
    await mkdir(folder, { recursive: true })
    await run('mount', ['-t', 'cgroup', '-o', 'hugetlb', source, folder])
  } catch (error) {
    // Another node of the machine may have been faster.
    if (!existsSync(`${folder}/cgroup.procs`)) logger.info('Huge pages of containers have no limits', { error })
  }
}

/** Gives the controller of huge pages back, where it was mounted by `mountHugePages` and nobody has cgroups there. */
export async function unmountHugePages(): Promise<void> {
  const mounts = await readFile('/proc/self/mounts', 'utf8')
  if (!mounts.split('\n').some((line) => line.startsWith(`${source} ${folder} cgroup `))) return
  const entries = await readdir(folder, { withFileTypes: true })
  if (entries.some((entry) => entry.isDirectory())) return
  try {
    await run('umount', [folder])
    await rmdir(folder)
  } catch {
    // Somebody else needs it, or was faster.
  }
}
