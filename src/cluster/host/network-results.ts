import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Where libcni, by which runtimes call plugins of the pod network, notes their answers until a pod ends. */
const notes = '/var/lib/cni/results'

/**
 * Removes what libcni has noted of pods whose network namespaces lay below a folder: whoever kills a pod's runtime ends the
 * pod without its plugins. Notes of others stay, and what is no note.
 */
export async function removeNetworkResults(namespaces: string, folder: string = notes): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    // Removed by a runtime meanwhile, or none of libcni's.
    const text = await readFile(path, 'utf8').catch(() => '')
    if (text.includes(`"sandbox":${JSON.stringify(`${namespaces}/`).slice(0, -1)}`)) await rm(path, { force: true })
  }
}
