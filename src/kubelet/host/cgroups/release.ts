import { rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { mountedHierarchies } from './hierarchies.ts'
import { removeCgroup } from './tree.ts'

/**
 * Kills all processes in a cgroup and removes it with everything below, in every hierarchy, and the cgroups above it that
 * are empty then. For nodes that are taken away.
 */
export async function releaseCgroup(path: string): Promise<void> {
  await Promise.all(
    mountedHierarchies().map(async ({ mountPoint }) => {
      await removeCgroup(join(mountPoint, path))
      try {
        for (let above = dirname(path); above !== '/'; above = dirname(above)) await rmdir(join(mountPoint, above))
      } catch {
        // Somebody else is in there.
      }
    }),
  )
}
