import type { Clock, Logger } from '#base'
import { isConflict } from '#machinery'
import type { WorkQueue } from '../queue/work-queue.ts'
import { TerminalError } from './controller.ts'
import type { Controller } from './controller.ts'

export type ReconcileOutcome = 'success' | 'requeue' | 'error'

export interface ReconcileMetrics {
  reconciled(outcome: ReconcileOutcome, ms: number): void
}

export interface ReconcileOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  readonly metrics: ReconcileMetrics | undefined
}

/** Reconciles a key that was taken from the queue, and says there how it goes on. Never rejects. */
export async function reconcileKey(
  controller: Controller,
  queue: WorkQueue<string>,
  key: string,
  { clock, log, signal, metrics }: ReconcileOptions,
): Promise<void> {
  const started = metrics ? clock.monotonic() : 0
  let outcome: ReconcileOutcome = 'success'
  try {
    const result = await controller.reconcile(key, signal)
    queue.forget(key)
    if (result?.requeueAfterMs !== undefined) {
      outcome = 'requeue'
      queue.addAfter(key, result.requeueAfterMs)
    }
  } catch (error) {
    outcome = 'error'
    if (!signal.aborted) failed(controller, queue, key, error, log)
  } finally {
    queue.done(key)
    metrics?.reconciled(outcome, clock.monotonic() - started)
  }
}

function failed(controller: Controller, queue: WorkQueue<string>, key: string, error: unknown, log: Logger): void {
  const { maxRetries = Infinity } = controller
  if (error instanceof TerminalError || queue.retries(key) >= maxRetries) {
    queue.forget(key)
    log.error('Reconcile failed, will not retry', { key, error })
    return
  }
  queue.addRateLimited(key)
  // Someone else wrote first: the next try begins from what they wrote.
  if (isConflict(error)) log.debug('Reconcile met a conflict', { key, error })
  else log.error('Reconcile failed', { key, error, retries: queue.retries(key) })
}
