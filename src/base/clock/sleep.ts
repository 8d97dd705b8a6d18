import { addAbortListener, removeAbortListener } from '../abort-listener.ts'
import type { Clock } from './clock.ts'

/**
 * Waits `ms` milliseconds on the clock.
 *
 * @throws the signal's reason, as soon as it aborts.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = (): void => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.timer(ms, () => {
      removeAbortListener(signal, onAbort)
      resolve()
    })
    addAbortListener(signal, onAbort)
  })
}
