import { constants } from 'node:fs'
import { chown, mkdir, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** How often, and how many times, a lock is tried. */
const lockPollMs = 50
const lockTries = 200
/** How many times a pipe is tried that nobody reads yet. */
const pipeTries = 40
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
    if (text !== undefined) await writeThrough(path, text)
    return
  }
  await mkdir(dirname(path), { recursive: true })
  const lock = `${path}.lock`
  await takeLock(lock)
  try {
    // A link stays a link: what it points to is replaced, or made.
    const real = await linkedPath(path)
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

async function writeThrough(path: string, text: string): Promise<void> {
  await using channel = await openChannel(path)
  await channel.writeFile(text)
}

/**
 * Whoever reads a pipe may come a moment later. Who waits in the kernel for one who never comes can't be ended but by
 * SIGKILL.
 */
async function openChannel(path: string): Promise<FileHandle> {
  for (let tries = 1; ; tries++) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      const nobodyReads = codeOf(error) === 'ENXIO' && (await stat(path)).isFIFO()
      if (!nobodyReads) throw error
      if (tries >= pipeTries) throw new Error(`nobody reads the pipe ${path}`, { cause: error })
    }
    await wait(lockPollMs)
  }
}

/** Where links lead, also to what is not there yet. @throws Error when they lead in a circle. */
async function linkedPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    const target = await readlink(path).catch(() => undefined)
    return target === undefined ? path : linkedPath(resolve(await realpath(dirname(path)), target))
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

async function takeLock(lock: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const file = await open(lock, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
      await file.close()
      return
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || tries >= lockTries) {
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
  const temporary = `${path}.k8ts-new`
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
