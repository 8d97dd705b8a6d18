import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, readFile, readlink } from 'node:fs/promises'
import { dirname } from 'node:path'

export const secretMode = 0o600
export const publicMode = 0o644

export interface WriteFileOptions {
  /** Permission bits of the file. */
  readonly mode: number
  /** Whether it must survive a power failure from the moment the call returns. */
  readonly durable: boolean
}

/** Writes a file so that whoever reads its path finds the old content or the new, never a part. */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  { mode, durable }: WriteFileOptions,
): Promise<void> {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    // Nothing here waits for the disk: to hand it to another thread would take ten times as long as to do it.
    writeFileSync(temporary, content, { flag: 'wx', mode })
    if (durable) await sync(temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  if (durable) await sync(folder)
}

/** @param path of a file or a folder. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Content of a file, `undefined` when it does not exist. A link to what does not exist is an error: that may come yet. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !(await isLink(path))) return undefined
    // Of a folder the system does not say which it is.
    throw Object.assign(error as NodeJS.ErrnoException, { path })
  }
}

const isLink = (path: string): Promise<boolean> =>
  readlink(path).then(
    () => true,
    () => false,
  )
