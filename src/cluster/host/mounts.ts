import { readFileSync, realpathSync } from 'node:fs'
import { runCommand } from '#network'

/** Mount points below a folder, the deepest first, as the kernel tells them. */
export function mountsBelow(
  folder: string,
  mountInfo: string = readFileSync('/proc/self/mountinfo', 'utf8'),
): string[] {
  return mountInfo
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''))
    .filter((point) => point.startsWith(`${folder}/`))
    .reverse()
}

/**
 * Unmounts everything below a folder, at once for names and later for those who still use it. Others may unmount beside
 * it: what is gone when its turn comes is no failure.
 *
 * @param path of the folder, which links may lead to: the kernel tells of mounts without links.
 * @throws CommandError when a mount stays.
 */
export async function unmountBelow(path: string): Promise<void> {
  const folder = realPath(path)
  if (folder === undefined) return
  for (let points = mountsBelow(folder), left = Infinity; points.length > 0; points = mountsBelow(folder)) {
    const failed = await unmount(points)
    if (failed !== undefined && points.length >= left) throw failed
    left = points.length
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** @returns the last failure. So many at a time, because a command line has an end. */
async function unmount(points: readonly string[]): Promise<unknown> {
  let failed: unknown
  for (let at = 0; at < points.length; at += 100) {
    await runCommand(['umount', '--lazy', '--', ...points.slice(at, at + 100)]).catch((error: unknown) => {
      failed = error
    })
  }
  return failed
}

/** The kernel writes blanks and backslashes in paths as octal numbers. */
const unescaped = (path: string): string =>
  path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
