import { spawn } from 'node:child_process'
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { getSystemErrorMap } from 'node:util'
import { sleep } from '#base'
import type { Clock } from '#base'
import { UserError } from '../user-error.ts'

/** A lock of flock(2) on a file, which ends with this process at the latest. */
export interface FileLock {
  /** Resolves when somebody waits for the lock, or the signal aborts. Looks four times a second. */
  contended(clock: Clock, signal: AbortSignal): Promise<void>
  release(): void
}

const lookMs = 250

/**
 * Takes the lock of a file, which is made where there is none, and waits for it as long as another program has it.
 *
 * @returns `undefined` when the signal aborted before.
 * @throws Error with the system's words.
 */
export async function acquireFileLock(path: string, signal: AbortSignal): Promise<FileLock | undefined> {
  const file = open(path)
  const holder = await lock(file, { waits: true, signal }).catch((error: unknown) => {
    closeSync(file)
    throw error
  })
  if (holder === undefined) {
    closeSync(file)
    return undefined
  }
  const inode = String(fstatSync(file, { bigint: true }).ino)
  return {
    release: () => closeSync(file),
    async contended(clock, until) {
      while (!until.aborted && !hasWaiters(await readFile('/proc/locks', 'utf8'), holder, inode))
        await sleep(clock, lookMs, until).catch(() => {})
    },
  }
}

/**
 * Locks an open file. Node can't do that itself; `flock` does it on the file we hand it, and the lock stays with our side
 * when `flock` is gone.
 *
 * @returns the process that has asked for it, by which the kernel tells of it; `undefined` when the lock was not had.
 * @throws UserError when there is no `flock`.
 */
export function lock(
  descriptor: number,
  { waits = false, signal }: { readonly waits?: boolean; readonly signal?: AbortSignal } = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['--exclusive', ...(waits ? [] : ['--nonblock']), '3'], {
      stdio: ['ignore', 'ignore', 'ignore', descriptor],
    })
    const end = (): void => void child.kill()
    signal?.addEventListener('abort', end)
    if (signal?.aborted === true) end()
    child.on('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? withoutFlock(error) : error))
    child.on('exit', (code) => {
      signal?.removeEventListener('abort', end)
      resolve(code === 0 ? child.pid : undefined)
    })
  })
}

const withoutFlock = (cause: Error): UserError =>
  new UserError(
    'the program flock is missing, which locks files: install it (util-linux of Linux, flock of Homebrew)',
    { cause },
  )

function open(path: string): number {
  try {
    // A bare descriptor: the runtime would close a handle that nobody refers to, and the lock would go with it.
    return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  } catch (error) {
    const { errno = 0, message } = error as NodeJS.ErrnoException
    throw new Error(getSystemErrorMap().get(errno)?.[1] ?? message, { cause: error })
  }
}

/** Lines of /proc/locks: those who wait stand with `->` below the lock, under the same number. */
const line = /^(?<number>\d+): (?<waits>->)?\s*FLOCK\s+\S+\s+\S+\s+(?<pid>-?\d+) [^:]+:[^:]+:(?<inode>\d+) /

/**
 * Whether somebody waits for a lock.
 *
 * @param locks what /proc/locks has.
 */
export function hasWaiters(locks: string, holder: number, inode: string): boolean {
  const entries = locks
    .split('\n')
    .map((text): { readonly [field: string]: string | undefined } => line.exec(text)?.groups ?? {})
  const own = entries.find(
    (entry) => entry['waits'] === undefined && entry['pid'] === String(holder) && entry['inode'] === inode,
  )
  return own !== undefined && entries.some((entry) => entry['waits'] !== undefined && entry['number'] === own['number'])
}
