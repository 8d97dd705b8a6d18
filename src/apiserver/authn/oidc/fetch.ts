import { messageOf } from '#base'
import type { Clock } from '#base'
import type { ApiResponse } from '#client'
import { quote } from '#machinery'
import type { WebhookDialer } from '../../webhook/dialer.ts'

/** What a server on the net answered. */
export interface Fetched {
  readonly code: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly text: string
}

/** Gets something from a server on the net. @throws Error when no answer came */
export type Fetch = (url: string, headers?: { readonly [name: string]: string }) => Promise<Fetched>

export interface FetchOptions {
  readonly clock: Clock
  readonly dial: WebhookDialer
  /** PEM; the system's authorities when absent. */
  readonly authorities?: string
  /** Aborts when nobody needs answers any more. */
  readonly signal: AbortSignal
}

const timeoutMs = 30_000
const mostRedirects = 10

/** Gets over HTTPS, and goes on to where servers say that something has moved. */
export function fetcher({ clock, dial, authorities, signal }: FetchOptions): Fetch {
  const once = async (url: string, headers: { readonly [name: string]: string }): Promise<Fetched> => {
    const controller = new AbortController()
    const cancel = clock.timer(timeoutMs, () => controller.abort(new Error('context deadline exceeded')))
    try {
      const response = await dial({ url, ...(authorities === undefined ? {} : { authorities }) })({
        method: 'GET',
        path: '',
        query: '',
        headers: { 'user-agent': 'Go-http-client/1.1', ...headers },
        signal: AbortSignal.any([signal, controller.signal]),
      })
      return fetchedOf(response)
    } catch (error) {
      throw new Error(`Get ${quote(url)}: ${messageOf(error)}`, { cause: error })
    } finally {
      cancel()
    }
  }
  return async (url, headers = {}) => {
    let at = url
    for (let redirects = 0; ; redirects++) {
      const fetched = await once(at, headers)
      const { location } = fetched.headers
      if (![301, 302, 303, 307, 308].includes(fetched.code) || location === undefined) return fetched
      if (redirects === mostRedirects) throw new Error(`Get ${quote(url)}: stopped after ${mostRedirects} redirects`)
      at = String(new URL(location, at))
    }
  }
}

function fetchedOf(response: ApiResponse): Fetched {
  if (response.kind !== 'object' && response.kind !== 'bytes') throw new Error('the answer has no end')
  const bytes = response.kind === 'bytes' ? response.bytes : response.encode().bytes
  return { code: response.code, headers: response.headers ?? {}, text: new TextDecoder().decode(bytes) }
}
