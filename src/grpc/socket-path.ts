import { closeSync, constants, openSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Bytes of a socket's path that the kernel takes (`sun_path` of unix(7), without the zero at its end). */
const longestPath = 107

export interface SocketPath {
  /** A path of the same socket that the kernel takes. */
  readonly path: string
  /** To be called when the path is not needed any more; further calls do nothing. */
  readonly release: () => void
}

/**
 * A way to a socket however long its path is: where that is too long, through its folder as this process has opened it.
 *
 * @throws Error when there is no such folder, or the socket's name alone is too long.
 */
export function socketPath(path: string): SocketPath {
  if (Buffer.byteLength(path) <= longestPath) return { path, release: () => undefined }
  let isOpen = true
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  const short = `/proc/self/fd/${folder}/${basename(path)}`
  const release = (): void => {
    if (isOpen) closeSync(folder)
    isOpen = false
  }
  if (Buffer.byteLength(short) <= longestPath) return { path: short, release }
  release()
  throw new Error(`name of socket ${JSON.stringify(path)} is longer than a path of ${longestPath} bytes has room for`)
}
