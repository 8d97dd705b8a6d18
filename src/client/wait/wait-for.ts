import { addAbortListener, removeAbortListener, sleep } from '#base'
import type { Clock } from '#base'
import type { Resource } from '#api'
import { isExpired } from '#machinery'
import type { KubeObject, ObjectKey } from '#machinery'
import type { Client } from '../client.ts'
import { transportErrorCode } from '../request/transport-error.ts'

export interface WaitOptions {
  readonly clock: Clock
  /** Milliseconds after which waiting fails; without end when absent. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** What is waited for, for the error: `pod ns/a to run`. */
  readonly what?: string
}

/** What was waited for did not come in time. */
export class WaitTimeoutError extends Error {
  readonly code = 'WaitTimeout'

  constructor(what: string, timeoutMs: number) {
    super(`timed out after ${timeoutMs} ms waiting for ${what}`)
    this.name = 'WaitTimeoutError'
  }
}

/**
 * Asks again and again until the condition gives something other than `undefined` and `false`, and resolves with that.
 *
 * @throws WaitTimeoutError, the signal's reason, and whatever the condition throws.
 */
export function waitFor<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  options: WaitOptions & { readonly intervalMs?: number },
): Promise<T> {
  const { clock, intervalMs = 100 } = options
  return limited(options, 'a condition', async (signal) => {
    for (;;) {
      const result = await condition()
      if (result !== undefined && result !== false) return result
      await sleep(clock, intervalMs, signal)
    }
  })
}

/**
 * Watches one object until the condition holds of it; resolves with it as it is then, `undefined` when it does not exist.
 *
 * @throws WaitTimeoutError, the signal's reason, and what the server refuses.
 */
export function waitForObject<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  key: ObjectKey,
  condition: (object: T | undefined) => boolean,
  options: WaitOptions,
): Promise<T | undefined> {
  const scope = key.namespace === undefined ? {} : { namespace: key.namespace }
  const fieldSelector = `metadata.name=${key.name}`
  return limited(options, `${resource.plural} ${key.name}`, async (signal) => {
    for (;;) {
      try {
        const { items, metadata } = await client.list(resource, scope, { fieldSelector, signal })
        if (condition(items[0])) return items[0]
        const from = metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }
        for await (const event of client.watch(resource, scope, { fieldSelector, signal, ...from })) {
          if (event.type === 'BOOKMARK') continue
          const object = event.type === 'DELETED' ? undefined : event.object
          if (condition(object)) return object
        }
      } catch (error) {
        signal.throwIfAborted()
        if (!isExpired(error) && transportErrorCode(error) === undefined) throw error
      }
      // A server that ends every watch at once must not be asked without pause.
      await sleep(options.clock, 100, signal)
    }
  })
}

/** Runs a task under a signal that aborts when the caller's does, or time is up. */
async function limited<T>(
  { clock, timeoutMs, signal, what }: WaitOptions,
  subject: string,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(signal?.reason)
  addAbortListener(signal, onAbort)
  const cancel =
    timeoutMs === undefined
      ? undefined
      : clock.timer(timeoutMs, () => controller.abort(new WaitTimeoutError(what ?? subject, timeoutMs)))
  try {
    return await task(controller.signal)
  } finally {
    cancel?.()
    removeAbortListener(signal, onAbort)
  }
}
