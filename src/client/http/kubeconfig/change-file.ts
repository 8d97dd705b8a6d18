import { constants } from 'node:fs'
import { chown, mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** How often, and how many times, a lock is tried. */
const lockPollMs = 50
const lockTries = 200
/** A lock is held for as long as it takes to write a file. One this old is of somebody who was killed. */
const staleLockMs = 3000

/**
 * Replaces the text of a file in one step: readers see the old text or the new, and a crash leaves one of them. Takes the
 * lock file that `kubectl` takes. What is no regular file, a device or a pipe, is neither read nor replaced: the text goes
 * through it.
 *
 * @param change gets the text, `undefined` when there is no file; what it returns is written, unless that is `undefined`.
 */
export async function changeFile(
  path: string,
  change: (text: string | undefined) => string | undefined,
): Promise<void> {
  if (await isChannel(path)) {
    const text = change(undefined)
    if (text !== undefined) await writeFile(path, text)
    return
  }
  await mkdir(dirname(path), { recursive: true })
  const lock = `${path}.lock`
  await takeLock(lock)
  try {
    // A link stays a link: what it points to is replaced.
    const real = await realpath(path).catch(() => path)
    const before = await stat(real).catch(() => undefined)
    const text = change(before ? await readFile(real, 'utf8') : undefined)
    if (text === undefined) return
    await replace(real, text, before)
  } finally {
    await rm(lock, { force: true })
  }
}

async function isChannel(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

async function takeLock(lock: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const file = await open(lock, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
      await file.close()
      return
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!taken || tries >= lockTries) {
        throw new Error(`taking the lock file ${lock} failed; remove it if no program uses it`, { cause: error })
      }
    }
    await removeStale(lock)
    await wait(lockPollMs)
  }
}

async function removeStale(lock: string): Promise<void> {
  const found = await stat(lock).catch(() => undefined)
  if (found && Date.now() - found.mtimeMs > staleLockMs) await rm(lock, { force: true })
}

async function replace(
  path: string,
  text: string,
  before: { readonly mode: number; readonly uid: number; readonly gid: number } | undefined,
): Promise<void> {
  // One name for all: who holds the lock clears away what one that was killed left.
  const temporary = `${path}.tmp`
  await rm(temporary, { force: true })
  const file = await open(temporary, 'wx', before ? before.mode & 0o777 : 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
    await file.close()
    if (before) await chown(temporary, before.uid, before.gid).catch(() => {})
    await rename(temporary, path)
  } catch (error) {
    await file.close().catch(() => {})
    await rm(temporary, { force: true })
    throw error
  }
}
