import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** Processes that were started with a parameter. */
export function processesWith(parameter: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(parameter) ? [Number(name)] : []
    } catch {
      // It has ended.
      return []
    }
  })
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie waits for its parent only.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Asks a process to end, and kills it when it has not after `graceMs`. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  signalProcess(pid, 'SIGTERM')
  const deadline = performance.now() + graceMs
  while (isAlive(pid)) {
    if (performance.now() > deadline) signalProcess(pid, 'SIGKILL')
    await pause(10)
  }
}

/** Sends a signal to a process, or to the group of a negative id; does nothing where it has ended. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended.
  }
}
