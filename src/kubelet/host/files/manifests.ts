import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { messageOf } from '#base'
import type { Manifest, Manifests } from '#kubelet'
import { getManifest } from '../network/manifest-url.ts'

/** Manifests on this machine's disk, and those that it finds at URLs. */
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
    watch(folder, changed: (moved?: string) => void) {
      try {
        const watcher = watch(folder, (event, name) =>
          changed(event === 'rename' && name !== null ? join(folder, name) : undefined),
        )
        watcher.on('error', () => watcher.close())
        return () => watcher.close()
      } catch {
        return () => {}
      }
    },
    get: getManifest,
    parse: parseManifest,
  }
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    return parseManifest(await readFile(path, 'utf8'))
  } catch (error) {
    return { error: messageOf(error) }
  }
}

function parseManifest(text: string): Manifest {
  try {
    const object: unknown = parse(text, { version: '1.1' })
    return { object }
  } catch (error) {
    return { error: messageOf(error) }
  }
}
