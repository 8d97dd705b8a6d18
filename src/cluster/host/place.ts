import { readlink, statfs } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { UserError } from '../user-error.ts'

/** File systems that show what the kernel knows and keep nothing, by their numbers in `statfs`. */
const kernelFileSystems = new Set([0x9fa0 /* proc */, 0x6265_6572 /* sysfs */])

export interface Place {
  /** The path, or what is nearest above it and exists. */
  readonly path: string
  /** Bytes that are free there. */
  readonly free: number
  readonly isKernels: boolean
}

/** Where a file or folder lies, or would. @param path absolute. */
export async function placeOf(path: string): Promise<Place> {
  for (let at = path; ; at = dirname(at)) {
    try {
      const { bavail, bsize, type } = await statfs(at)
      return { path: at, free: bavail * bsize, isKernels: kernelFileSystems.has(type) }
    } catch (error) {
      if (at === dirname(at)) throw error
    }
  }
}

/**
 * Refuses paths in `/proc` and `/sys` before anybody makes a folder there: Node's recursive `mkdir` never returns from
 * `/proc`, and no signal ends it.
 *
 * @param flag that the path was given by, for the remedy.
 * @throws UserError
 */
export async function checkKeepsFiles(path: string, flag: string): Promise<void> {
  const { path: place, isKernels } = await placeOf(path)
  if (!isKernels) return
  throw new UserError(
    `${path} can't be made, since ${place} is the kernel's and keeps no files: take another with ${flag}`,
  )
}

/**
 * Refuses folders that can't be made because a link on the way to them leads nowhere: what it leads to may be a disk that
 * is not there yet.
 *
 * @throws UserError
 */
export async function checkLeadsSomewhere(path: string, flag: string): Promise<void> {
  const { path: place } = await placeOf(path)
  const [next = ''] = relative(place, path).split(sep)
  const link = join(place, next)
  const target = await readlink(link).catch(() => undefined)
  if (link === place || target === undefined) return
  throw new UserError(
    `${link} is a link to ${target}, which does not exist: make that, or take another folder with ${flag}`,
  )
}
