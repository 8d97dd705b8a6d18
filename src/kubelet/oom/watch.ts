import type { Logger } from '#base'
import type { ObjectReference } from '#api/core/v1'
import type { RecordEvent } from '../record-event.ts'
import type { KernelLog } from '../seams/kernel-log.ts'
import { createKillReader } from './kills.ts'

export interface OomWatchOptions {
  readonly kernelLog: KernelLog
  readonly log: Logger
  readonly record: RecordEvent
  readonly node: ObjectReference
}

/** Records an event of each process that was killed because the machine as a whole had no memory left, until the signal. */
export async function watchOoms({ kernelLog, log, record, node }: OomWatchOptions, signal: AbortSignal): Promise<void> {
  const read = createKillReader()
  try {
    for await (const message of kernelLog.follow(signal)) {
      const kill = read(message)
      if (kill?.cgroup !== '/') continue
      log.debug('Got sys oom event', { ...kill })
      const { process, pid } = kill
      record(node, 'Warning', 'SystemOOM', `System OOM encountered, victim process: ${process}, pid: ${pid}`)
    }
    if (!signal.aborted) log.error('Unexpectedly stopped receiving OOM notifications')
  } catch (error) {
    log.error('Failed to create an oomWatcher', { error })
  }
}
