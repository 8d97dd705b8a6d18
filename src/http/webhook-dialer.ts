import type { WebhookDialer, WebhookTarget } from '#apiserver'
import { createHttpTransport } from '#client/http'
import type { HttpTransport } from '#client/http'
import { hostPort } from '#machinery'
import { dialTcp } from './backends.ts'
import type { Dial } from './backends.ts'

/** Connects to webhooks over TLS, and keeps connections while there are not too many. */
export interface HttpWebhookDialer extends AsyncDisposable {
  readonly dial: WebhookDialer
}

/** Servers whose connections are kept. */
const mostKept = 64

/** @param reach how addresses are reached; by default from this machine, as it is. */
export function createWebhookDialer(reach: Dial = dialTcp): HttpWebhookDialer {
  const kept = new Map<string, HttpTransport>()

  const transportTo = (target: WebhookTarget, url: URL): HttpTransport => {
    const { address, authorities = '' } = target
    const key = `${url.origin} ${address ? `${address.host} ${address.port}` : ''} ${authorities}`
    const known = kept.get(key)
    // The one that was used last is dropped last.
    kept.delete(key)
    const transport = known ?? connect(target, url, reach)
    kept.set(key, transport)
    for (const [oldest, idle] of kept) {
      if (kept.size <= mostKept) break
      kept.delete(oldest)
      void idle.close()
    }
    return transport
  }

  return {
    dial: (target) => {
      const url = new URL(target.url)
      const transport = transportTo(target, url)
      return async (request) =>
        transport.send({
          ...request,
          path: url.pathname,
          query: url.search.slice(1),
          headers: { ...request.headers, host: url.host },
        })
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...kept.values()].map(async (transport) => transport.close()))
    },
  }
}

function connect({ address, authorities }: WebhookTarget, url: URL, reach: Dial): HttpTransport {
  const server = address ? `${url.protocol}//${hostPort(address.host, address.port)}` : url.origin
  return createHttpTransport(
    {
      server,
      serverName: url.hostname.replace(/^\[|\]$/g, ''),
      ...(authorities === undefined ? {} : { ca: { pem: authorities } }),
    },
    { retries: 0, connect: reach },
  )
}
