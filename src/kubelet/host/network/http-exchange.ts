import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { dialError, hostPort } from './go-errors.ts'

/** Values of a name are lines of their own, in their order. */
export interface HeaderLines {
  readonly [name: string]: string | string[]
}

export interface HttpExchangeOptions {
  readonly headers: HeaderLines
  /** Monotonic milliseconds of this process (`performance.now`). */
  readonly deadline: number
  /** Bytes of the body that are read. */
  readonly mostBody: number
  /** Authorities of certificates, in PEM; certificates are not checked when absent. */
  readonly authorities?: readonly string[]
}

export interface HttpExchanged {
  readonly status: number
  readonly phrase: string
  readonly body: Buffer
  readonly location: string | undefined
}

export function headerLines(headers: Iterable<readonly [name: string, value: string]>): HeaderLines {
  const byName: { [name: string]: string | string[] } = {}
  for (const [name, value] of headers) {
    const before = byName[name]
    byName[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return byName
}

/** One GET request over a connection of its own. @throws Error for what fails on the way, as Go says it. */
export async function httpExchange(url: URL, options: HttpExchangeOptions): Promise<HttpExchanged> {
  const { headers, deadline, mostBody, authorities } = options
  const isTls = url.protocol === 'https:'
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const what = `Get ${JSON.stringify(url.href)}`
  const asked: RequestOptions & { rejectUnauthorized: boolean; ca?: string[] } = {
    host,
    port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, connection: 'close' },
    agent: false,
    rejectUnauthorized: authorities !== undefined,
    ...(authorities && { ca: [...authorities] }),
  }
  const request = isTls ? tlsRequest(asked) : plainRequest(asked)
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
    const { statusCode: status = 0, statusMessage: phrase = '' } = response
    return { status, phrase, body: await readBody(response, mostBody), location: response.headers.location }
  } catch (error) {
    throw new Error(`${what}: ${describe(error as Error, host, port, isTls)}`, { cause: error })
  } finally {
    clearTimeout(timer)
    request.on('error', () => {})
    request.destroy()
  }
}

class TimedOut extends Error {}

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

function describe(error: Error, host: string, port: number, isTls: boolean): string {
  if (error instanceof TimedOut) return error.message
  if (isTls && /wrong version number|packet length too long/.test(error.message)) {
    return 'http: server gave HTTP response to HTTPS client'
  }
  if (untrusted.has((error as NodeJS.ErrnoException).code ?? ''))
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
  if (error.message === 'socket hang up') return 'EOF'
  const { rawPacket } = error as { readonly rawPacket?: Buffer }
  if (rawPacket) {
    const [line = ''] = rawPacket.toString('latin1').split(/\r?\n/)
    return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(line)}`
  }
  return dialError(error, host, port)
}

async function readBody(response: IncomingMessage, mostBody: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size >= mostBody) break
  }
  return Buffer.concat(chunks).subarray(0, mostBody)
}
