import { readFileSync } from 'node:fs'

/**
 * A process beyond doubt. Numbers of processes are given again, so its start time goes with it (clock ticks since the
 * machine started), and the machine's start too.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTime: string
  readonly bootId: string
}

/** The process that has this number now; `undefined` when none does, or it is a zombie. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name stands in parentheses and may hold anything, so count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state] = fields
    const startTime = fields[19]
    if (state === 'Z' || state === 'X' || startTime === undefined) return undefined
    return { pid, startTime, bootId: bootId() }
  } catch {
    return undefined
  }
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const now = identityOf(identity.pid)
  return now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId
}

/** @throws Error where there is no procfs. */
export function ownIdentity(): ProcessIdentity {
  const identity = identityOf(process.pid)
  if (!identity) throw new Error('read own process identity: /proc is not mounted')
  return identity
}

export const formatIdentity = ({ pid, startTime, bootId }: ProcessIdentity): string => `${pid} ${startTime} ${bootId}\n`

/** Reads what {@link formatIdentity} wrote; `undefined` when the text is something else. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [pid, startTime, boot, ...more] = text.trim().split(' ')
  if (!startTime || !boot || more.length > 0 || !/^\d+$/.test(pid ?? '')) return undefined
  return { pid: Number(pid), startTime, bootId: boot }
}

let boot: string | undefined

function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  return boot
}
