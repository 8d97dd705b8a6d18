import { createServer } from 'node:http'
import { close, listen } from './listening.ts'

export interface ProxyMetricsServerOptions {
  readonly host: string
  readonly port: number
  /** What `/metrics` shows. */
  readonly text: () => string
}

const textHeaders = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }
const metricsHeaders = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }

/** Serves what is known of the proxy: `/metrics`, `/healthz` and `/proxyMode`. @returns a function that ends it. */
export async function serveProxyMetrics({ host, port, text }: ProxyMetricsServerOptions): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    switch (request.url?.split('?')[0]) {
      case '/metrics':
        return void response.writeHead(200, metricsHeaders).end(text())
      case '/healthz':
        return void response.writeHead(200, textHeaders).end('ok')
      case '/proxyMode':
        return void response.writeHead(200, textHeaders).end('nftables')
      default:
        return void response.writeHead(404, textHeaders).end('404 page not found\n')
    }
  })
  await listen(server, host, port)
  return () => close(server)
}
