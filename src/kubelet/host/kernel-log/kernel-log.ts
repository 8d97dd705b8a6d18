import { closeSync, constants, openSync, readSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { KernelLog } from '#kubelet'

export interface KernelLogOptions {
  /** The kernel's own device when absent. */
  readonly path?: string
  /** Milliseconds between two looks: who would be woken by the device has to block a thread on it. */
  readonly lookMs?: number
}

/** Records that are read before others have their turn: the kernel keeps some thousands. */
const mostAtOnce = 200
/** No record of the kernel is longer. */
const mostBytes = 8192

/** The kernel's log as /dev/kmsg has it, read without waiting. */
export function createKernelLog({ path = '/dev/kmsg', lookMs = 1000 }: KernelLogOptions = {}): KernelLog {
  return { follow: (signal) => follow(path, lookMs, signal) }
}

async function* follow(path: string, lookMs: number, signal: AbortSignal): AsyncGenerator<string> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const buffer = Buffer.alloc(mostBytes)
  try {
    for (let count = 1; !signal.aborted; count++) {
      const record = nextRecord(file, buffer)
      if (record === 'end') return
      if (record === 'none' || count % mostAtOnce === 0) {
        await pause(record === 'none' ? lookMs : 0, undefined, { signal, ref: false }).catch(() => {})
      }
      if (typeof record === 'object') yield record.message
    }
  } finally {
    closeSync(file)
  }
}

/** Each read gives one record: `PRIORITY,NUMBER,MICROSECONDS,FLAGS;MESSAGE`. Some were overwritten before they were read. */
function nextRecord(file: number, buffer: Buffer): { readonly message: string } | 'none' | 'end' {
  for (;;) {
    try {
      const length = readSync(file, buffer)
      if (length === 0) return 'end'
      const text = buffer.toString('utf8', 0, length)
      return { message: text.slice(text.indexOf(';') + 1) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') return 'none'
      if (code !== 'EPIPE') throw error
    }
  }
}
