import { addAbortListener, removeAbortListener } from './abort-listener.ts'
/** A promise with its settling functions outside. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

export function defer<T>(): Deferred<T> {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

/**
 * A promise that resolves when the signal aborts. `cancel` removes the listener, for loops that wait on the same signal
 * many times.
 */
export function aborted(signal: AbortSignal): { readonly promise: Promise<void>; cancel(): void } {
  const { promise, resolve } = defer<void>()
  const listener = (): void => resolve()
  if (signal.aborted) resolve()
  else addAbortListener(signal, listener)
  return { promise, cancel: () => removeAbortListener(signal, listener) }
}

/** Runs tasks one after the other, in the order of their call. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task, task)
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
}

/** Goes on with a value: at once if it is there. Whoever can answer without a wait need not make others wait. */
export function andThen<T, U>(value: T | Promise<T>, follow: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(follow) : follow(value)
}
