import { readdirSync, readFileSync } from 'node:fs'

/** Processes other than this one, its ancestors and the runner's own that have a setting in their environment. */
export function processesOf(setting: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid || Number(pid) === process.ppid) return []
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(setting)) return []
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
      return words === '' || /vitest|esbuild.*--service/.test(words) ? [] : [`${pid} ${words}`]
    } catch {
      // It has ended, or is not ours to see.
      return []
    }
  })
}

/** Where something is mounted in a folder. */
export function mountsBelow(folder: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
}
