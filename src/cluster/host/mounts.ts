import { readFileSync } from 'node:fs'
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

/** Unmounts everything below a folder, at once for names and later for those who still use it. */
export async function unmountBelow(folder: string): Promise<void> {
  const points = mountsBelow(folder)
  // So many at a time, because a command line has an end.
  for (let at = 0; at < points.length; at += 100) {
    await runCommand(['umount', '--lazy', '--', ...points.slice(at, at + 100)]).catch((error: unknown) => {
      if (mountsBelow(folder).length > 0) throw error
    })
  }
}

/** The kernel writes blanks and backslashes in paths as octal numbers. */
const unescaped = (path: string): string =>
  path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
