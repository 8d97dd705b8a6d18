import { aborted, systemClock } from '#base'
import type { Clock, LogFields, Logger } from '#base'
import { Closing } from '../closing.ts'
import { explain } from '../explain.ts'
import { fileLog, processLogger } from '../log.ts'
import type { Progress } from '../progress.ts'
import type { ClusterLayout } from '../state/layout.ts'
import { removeRunningState, writeRunningState } from '../state/running.ts'
import type { RunningState } from '../state/running.ts'

/** What everything is told that runs on this machine until it is interrupted. */
export interface RunOptions {
  readonly layout: ClusterLayout
  /** Release that servers and nodes say they run: `v1.36.2`. */
  readonly version: string
  readonly logLevel: 'debug' | 'info' | 'warn'
  readonly progress: Progress
  /** Ends the run. */
  readonly signal: AbortSignal
}

/** What the steps of a start share. */
export interface Run extends RunOptions {
  readonly clock: Clock
  /** Every step says here what undoes it. */
  readonly closing: Closing
}

/**
 * Runs until the signal aborts, which may be in the middle of the start, and undoes what was done.
 *
 * @throws UserError, Error
 */
export async function runUntilAborted(options: RunOptions, work: (run: Run) => Promise<void>): Promise<void> {
  const { layout, version, logLevel, progress, signal } = options
  try {
    await using closing = new Closing()
    await work({ layout, version, logLevel, progress, signal, clock: systemClock, closing })
  } catch (error) {
    if (signal.aborted && error === signal.reason) return
    throw explain(error, layout.dataDir)
  }
}

/** @param fields that every line has. */
export function openLogger({ logLevel, closing }: Run, file: string, fields: LogFields = {}): Logger {
  const log = fileLog(file)
  closing.add(() => log.close())
  return processLogger(logLevel, log.write, fields)
}

/** The last step: tells what runs, and waits for the end. @throws what `failed` rejects with */
export async function stayUp(
  { layout, signal, closing }: Run,
  {
    state,
    failed,
    onReady,
  }: { readonly state: RunningState; readonly failed: Promise<never>; readonly onReady: () => void },
): Promise<void> {
  await writeRunningState(layout.stateFile, state)
  closing.add(() => removeRunningState(layout.stateFile))
  onReady()
  await Promise.race([aborted(signal).promise, failed])
}
