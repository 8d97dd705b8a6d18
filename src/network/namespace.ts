import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError, runCommand } from './command.ts'

/** Magic number that `statfs` would give for a namespace; `stat` shows a device of its own instead. */
function isNamespace(path: string): boolean {
  try {
    return statSync(path).dev === statSync('/proc/self/ns/net').dev
  } catch {
    return false
  }
}

/**
 * Makes a network namespace that lives as long as the file does, or keeps the one that is there.
 *
 * @returns whether it was made now.
 */
export async function ensureNamespace(path: string): Promise<boolean> {
  if (isNamespace(path)) return false
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  await runCommand(['unshare', `--net=${path}`, 'true'])
  return true
}

/** Takes a namespace's file away, and with it the namespace once nothing runs in it. Does nothing where there is none. */
export async function removeNamespace(path: string): Promise<void> {
  while (isMountPoint(path)) {
    try {
      await runCommand(['umount', path])
    } catch (error) {
      if (error instanceof CommandError && isMountPoint(path)) throw error
    }
  }
  rmSync(path, { force: true })
}

/** Files of namespaces below a folder, as the kernel has them mounted. */
export function mountedBelow(folder: string): readonly string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescape(line.split(' ')[4] ?? ''))
  return [...new Set(points.filter((point) => point.startsWith(`${folder}/`)))]
}

function isMountPoint(path: string): boolean {
  return mountedBelow(dirname(path)).includes(path)
}

/** The kernel writes blanks and backslashes in paths as octal numbers. */
function unescape(path: string): string {
  return path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
