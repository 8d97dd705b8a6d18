import { constants } from 'node:fs'
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Opens a file to read that has to lie in a folder. What was opened is looked at, not what a path leads to: who writes there
 * may turn links around meanwhile. The caller closes it.
 *
 * @throws Error when it lies elsewhere, or can't be opened.
 */
export async function openWithin(folder: string, path: string): Promise<FileHandle> {
  // Without O_NONBLOCK, a pipe would be waited for.
  const file = await open(join(folder, path), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const opened = await readlink(`/proc/self/fd/${file.fd}`)
    if (!opened.startsWith(`${await realpath(folder)}/`)) throw new Error(`openat ${path}: path escapes from parent`)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}
