import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { lock } from './flock.ts'
import { formatIdentity, isRunning, ownIdentity, parseIdentity } from './identity.ts'
import type { ProcessIdentity } from './identity.ts'

export type LockResult =
  | { readonly held: true; release(): void }
  /** Who has it; `undefined` in the moment in which it changes hands. */
  | { readonly held: false; readonly holder: ProcessIdentity | undefined }

/**
 * Takes a lock on a file, which then names its holder. The kernel keeps the lock with the open file, so it ends with the
 * process, however that ends.
 *
 * @throws UserError when there is no `flock`, and the file system's errors.
 */
export async function takeLock(path: string): Promise<LockResult> {
  await mkdir(dirname(path), { recursive: true, mode: 0o711 })
  // A bare descriptor: the runtime would close a handle that nobody refers to, and the lock would go with it.
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644)
  const asked = await lock(file).catch((error: unknown) => {
    closeSync(file)
    throw error
  })
  if (asked === undefined) {
    closeSync(file)
    return { held: false, holder: await lockHolder(path) }
  }
  ftruncateSync(file)
  writeSync(file, formatIdentity(ownIdentity()), 0)
  const release = (): void => {
    ftruncateSync(file)
    closeSync(file)
  }
  return { held: true, release }
}

/** Who holds a lock; `undefined` when nobody does. */
export async function lockHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const holder = parseIdentity(await readFile(path, 'utf8'))
    return holder && isRunning(holder) ? holder : undefined
  } catch {
    return undefined
  }
}
