import { answerZPage, expositionText, flagzPage, StatusError, statuszPage, wantsPretty } from '#machinery'
import type { ZPage } from '#machinery'
import type { Kubelet } from '#kubelet'
import { exposition, sendText, type Exchange } from './exchange.ts'
import type { KubeletServerOptions } from './server.ts'

/** When the process began, in milliseconds since 1970. */
const started = performance.timeOrigin
const paths = ['/configz', '/flagz', '/healthz', '/logs', '/metrics']

/** `/statusz`: since when the agent runs, and what it is. */
export async function serveStatusz({ node }: Kubelet, exchange: Exchange): Promise<void> {
  sendPage(exchange, statuszPage({ started, version: node.version, paths }))
}

/** `/flagz`: the agent's command line. */
export async function serveFlagz(_: Kubelet, exchange: Exchange, options?: KubeletServerOptions): Promise<void> {
  sendPage(exchange, flagzPage(options?.flags ?? {}))
}

function sendPage({ request: { headers }, response, query }: Exchange, page: ZPage): void {
  try {
    const pretty = wantsPretty(query, headers['user-agent'] ?? '')
    const asked = { accept: headers.accept ?? '', pretty, now: Date.now() }
    const { contentType, bytes, warning } = answerZPage('kubelet', page, asked)
    if (warning !== undefined) response.setHeader('warning', `299 - ${JSON.stringify(warning)}`)
    response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length })
    response.end(bytes)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    sendText(response, error.code, JSON.stringify(error.status, undefined, 2), 'application/json')
  }
}

/** `/metrics/slis`: what became of health checks. DELETE has them begin anew. */
export async function serveSlis({ parts }: Kubelet, { request, response }: Exchange): Promise<void> {
  const { health } = parts.metrics
  response.setHeader('process-start-time-unix', String(Math.floor(started / 1000)))
  if (request.method !== 'DELETE') return sendText(response, 200, expositionText(health.families()), exposition)
  health.reset()
  sendText(response, 200, 'metrics reset\n', 'text/plain; charset=utf-8')
}
