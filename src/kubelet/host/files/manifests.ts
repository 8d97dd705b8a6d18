import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { messageOf } from '#base'
import type { Manifest, Manifests } from '#kubelet'

/** Folders of manifests on this machine's disk. */
export function createManifests(): Manifests {
  return {
    async read(folder) {
      const found = new Map<string, Manifest>()
      const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        if (error.code === 'ENOTDIR') return undefined
        throw error
      })
      if (entries === undefined) return new Map([[folder, await readManifest(folder)]])
      entries.sort((a, b) => (a.name < b.name ? -1 : 1))
      for (const entry of entries) {
        if (entry.isDirectory() || entry.name.startsWith('.')) continue
        const path = join(folder, entry.name)
        found.set(path, await readManifest(path))
      }
      return found
    },
    watch(folder, changed: () => void) {
      try {
        const watcher = watch(folder, () => changed())
        watcher.on('error', () => watcher.close())
        return () => watcher.close()
      } catch {
        return () => {}
      }
    },
  }
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    const object: unknown = parse(await readFile(path, 'utf8'), { version: '1.1' })
    return { object }
  } catch (error) {
    return { error: messageOf(error) }
  }
}
