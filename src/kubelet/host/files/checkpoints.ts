import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Checkpoints } from '#kubelet'

/** The agent's small files in a folder. */
export function createCheckpoints(folder: string): Checkpoints {
  return {
    read: (name) => readFile(join(folder, name), 'utf8').catch(() => undefined),
    write: (name, text) => writeWhole(join(folder, name), text),
  }
}

/** Writes under way, by path: the next begins when the one before has ended. */
const writing = new Map<string, Promise<void>>()

/** Replaces a file as a whole. Of writes to one file the last wins. */
export function writeWhole(path: string, text: string): Promise<void> {
  const before = writing.get(path) ?? Promise.resolve()
  const written = before.catch(() => undefined).then(() => replace(path, text))
  writing.set(path, written)
  const forget = (): void => {
    if (writing.get(path) === written) writing.delete(path)
  }
  written.then(forget, forget)
  return written
}

async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 })
  const draft = `${path}.tmp`
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, path)
}
