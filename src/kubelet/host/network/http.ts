import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { HttpAnswer, HttpRequest } from '#kubelet'
import { dialError, hostPort } from './go-errors.ts'

const mostBody = 10 * 1024
const mostRedirects = 10

interface Attempt {
  readonly url: URL
  readonly headers: { readonly [name: string]: string | string[] }
}

/** Makes a GET request: certificates are not checked, and redirects are followed on the same host only. */
export async function httpGet({ url, headers, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  const byName: { [name: string]: string | string[] } = {}
  for (const { name, value } of headers) {
    const before = byName[name]
    byName[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  const deadline = performance.now() + timeoutMs
  const asked = new URL(url)
  let target = asked
  for (let redirects = 0; ; redirects++) {
    const { answer, location } = await attempt({ url: target, headers: byName }, deadline)
    const isRedirect = answer.status >= 300 && answer.status < 400 && location !== undefined
    if (!isRedirect) return answer
    const next = new URL(location, target)
    if (next.hostname !== asked.hostname) return answer
    if (redirects === mostRedirects) throw new Error(`Get ${JSON.stringify(next.href)}: stopped after 10 redirects`)
    target = next
  }
}

async function attempt(
  { url, headers }: Attempt,
  deadline: number,
): Promise<{ readonly answer: HttpAnswer; readonly location: string | undefined }> {
  const isTls = url.protocol === 'https:'
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const what = `Get ${JSON.stringify(url.href)}`
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    host,
    port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, connection: 'close' },
    agent: false,
    rejectUnauthorized: false,
  }
  const request = isTls ? tlsRequest(options) : plainRequest(options)
  let connected = false
  request.on('socket', (socket) => socket.once('connect', () => (connected = true)))
  const timer = setTimeout(
    () => {
      const dialing = `dial tcp ${hostPort(host, port)}: i/o timeout`
      const waiting = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      request.destroy(new TimedOut(connected ? waiting : dialing))
    },
    Math.max(0, deadline - performance.now()),
  )
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.on('error', reject)
      request.on('response', resolve)
      request.end()
    })
    const body = await readBody(response)
    return { answer: { status: response.statusCode ?? 0, body }, location: response.headers.location }
  } catch (error) {
    throw new Error(`${what}: ${describe(error as Error, host, port, isTls)}`, { cause: error })
  } finally {
    clearTimeout(timer)
    request.on('error', () => {})
    request.destroy()
  }
}

class TimedOut extends Error {}

function describe(error: Error, host: string, port: number, isTls: boolean): string {
  if (error instanceof TimedOut) return error.message
  if (isTls && /wrong version number|packet length too long/.test(error.message)) {
    return 'http: server gave HTTP response to HTTPS client'
  }
  if (error.message === 'socket hang up') return 'EOF'
  const { rawPacket } = error as { readonly rawPacket?: Buffer }
  if (rawPacket) {
    const [line = ''] = rawPacket.toString('latin1').split(/\r?\n/)
    return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(line)}`
  }
  return dialError(error, host, port)
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size >= mostBody) break
  }
  return Buffer.concat(chunks).subarray(0, mostBody).toString('utf8')
}
