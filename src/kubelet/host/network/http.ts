import type { HttpAnswer, HttpRequest } from '#kubelet'
import { headerLines, httpExchange } from './http-exchange.ts'

const mostBody = 10 * 1024
const mostRedirects = 10

/** Makes a GET request: certificates are not checked, and redirects are followed on the same host only. */
export async function httpGet({ url, headers, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  const exchange = {
    headers: headerLines(headers.map(({ name, value }) => [name, value])),
    deadline: performance.now() + timeoutMs,
    mostBody,
  }
  const asked = new URL(url)
  let target = asked
  for (let redirects = 0; ; redirects++) {
    const { status, body, location } = await httpExchange(target, exchange)
    const answer = { status, body: body.toString('utf8') }
    const isRedirect = status >= 300 && status < 400 && location !== undefined
    if (!isRedirect) return answer
    const next = new URL(location, target)
    if (next.hostname !== asked.hostname) return answer
    if (redirects === mostRedirects) throw new Error(`Get ${JSON.stringify(next.href)}: stopped after 10 redirects`)
    target = next
  }
}
