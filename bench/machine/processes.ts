import { readdirSync, readFileSync } from 'node:fs'

/** A process that is measured. */
export interface MeasuredProcess {
  readonly name: string
  readonly pid: number
}

/** In MB of 2^20 bytes. */
export interface Memory {
  readonly resident: number
  /** Resident, with pages that several processes share divided among them. */
  readonly proportional: number
}

/** @throws Error when there is no such process. */
export function memoryOf(pid: number): Memory {
  return parseSmaps(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
}

export function parseSmaps(text: string): Memory {
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024
  return { resident: megabytes('Rss'), proportional: megabytes('Pss') }
}

/**
 * Processor time in milliseconds that a process has taken so far, with that of its children which have ended; 0 when there
 * is no such process.
 */
export function cpuMsOf(pid: number): number {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).cpuMs
  } catch {
    return 0
  }
}

/** From the kernel's clock ticks, of which Linux tells 100 a second. */
export function parseStat(text: string): { readonly parent: number; readonly cpuMs: number } {
  // The name before may hold blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ')
  const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0)
  return { parent: Number(fields[1]), cpuMs: ticks * 10 }
}

export interface ChildProcess {
  readonly pid: number
  /** Program and parameters, with blanks between. */
  readonly command: string
}

/** Processes whose parent is the given one. */
export function childrenOf(pid: number): ChildProcess[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      if (parseStat(readFileSync(`/proc/${entry}/stat`, 'utf8')).parent !== pid) return []
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trimEnd()
      return [{ pid: Number(entry), command }]
    } catch {
      return []
    }
  })
}

/** Processor time in milliseconds of a process and its children. */
export const cpuMsOfFamily = (pid: number): number =>
  cpuMsOf(pid) + childrenOf(pid).reduce((sum, child) => sum + cpuMsOf(child.pid), 0)

export const totalCpuMs = (processes: readonly MeasuredProcess[]): number =>
  processes.reduce((sum, { pid }) => sum + cpuMsOf(pid), 0)
