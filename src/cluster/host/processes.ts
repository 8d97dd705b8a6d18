import { setTimeout as pause } from 'node:timers/promises'
import { isRunning } from './identity.ts'
import type { ProcessIdentity } from './identity.ts'

/** Sends a signal to that very process; does nothing when it has ended. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return
  try {
    process.kill(identity.pid, signal)
  } catch {
    // It ended in between.
  }
}

/** Waits until the process has ended; resolves with whether it did within `ms`. */
export async function waitForEnd(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  let wait = 2
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false
    await pause(wait)
    wait = Math.min(50, wait * 2)
  }
  return true
}

/** Asks a process to end, and kills it when it has not after `graceMs`. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  signalProcess(identity, 'SIGTERM')
  if (await waitForEnd(identity, graceMs)) return
  signalProcess(identity, 'SIGKILL')
  await waitForEnd(identity, 5000)
}
