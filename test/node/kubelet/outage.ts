import type { Client, WatchEvent } from '#client'
import type { KubeObject } from '#machinery'

/** An API as somebody sees it for whom it can be gone. */
export class Outage {
  readonly client: Client
  #end: AbortController = new AbortController()
  #isGone = false

  constructor(api: Client) {
    this.client = new Proxy(api, {
      get: (target, name) => {
        if (name === 'watch') return (...words: Parameters<Client['watch']>) => this.#watch(target, words)
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...words: unknown[]): unknown =>
          this.#isGone ? Promise.reject(this.#error()) : Reflect.apply(method, target, words)
      },
    })
  }

  begin(): void {
    this.#isGone = true
    this.#end.abort()
  }

  end(): void {
    this.#end = new AbortController()
    this.#isGone = false
  }

  async *#watch(
    api: Client,
    [resource, scope, options = {}]: Parameters<Client['watch']>,
  ): AsyncGenerator<WatchEvent<KubeObject>> {
    if (this.#isGone) throw this.#error()
    const signals = [this.#end.signal, ...(options.signal ? [options.signal] : [])]
    yield* api.watch(resource, scope, { ...options, signal: AbortSignal.any(signals) })
    if (this.#isGone) throw this.#error()
  }

  #error(): Error {
    return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  }
}
