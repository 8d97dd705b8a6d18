import { systemClock } from '#base'
import { createClient } from '#client'
import type { Client } from '#client'
import { createHttpTransport } from '#client/http'
import type { Cleanup } from '../cleanup.ts'
import type { Endpoint } from '../load/endpoint.ts'

export interface ClosableClient extends AsyncDisposable {
  readonly client: Client
}

/** A client for what is not measured, and for what takes so long that the client makes no difference. */
export function clientOf({ host, port, token, certificate, key }: Endpoint, cleanup: Cleanup): ClosableClient {
  const config = {
    server: `https://${host}:${port}`,
    insecureSkipVerify: true,
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined
      ? {}
      : { clientCertificate: { pem: certificate }, clientKey: { pem: key } }),
  }
  const transport = createHttpTransport(config, { clock: systemClock })
  const close = cleanup.add(() => transport.close())
  return { client: createClient(transport.send, { userAgent: 'k8ts-bench' }), [Symbol.asyncDispose]: close }
}
