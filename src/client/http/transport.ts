import type { Readable } from 'node:stream'
import { addAbortListener, removeAbortListener, silentLogger, systemClock } from '#base'
import type { Clock, Logger } from '#base'
import { retryTransport, TransportError } from '#client'
import type { ApiRequest, ApiResponse, Duplex, Headers, RequestMetrics, Transport } from '#client'
import { createCredentials } from './auth/create.ts'
import type { Credentials, RequestHeaders } from './auth/credentials.ts'
import type { HttpConfig } from './config.ts'
import type { WholeAnswer } from './wire/answer-reader.ts'
import { decodeObject } from './wire/decode.ts'
import { Dialer } from './wire/dial.ts'
import type { Connect } from './wire/dial.ts'
import { readBody, transportError } from './wire/exchange.ts'
import type { Exchange, Protocol } from './wire/exchange.ts'
import { Http1 } from './wire/http1.ts'
import { Http2 } from './wire/http2.ts'
import { TlsIdentities } from './wire/identity.ts'
import { upgrade } from './wire/upgrade.ts'
import type { UpgradeRequest } from './wire/upgrade.ts'
import { watchResponse } from './wire/watch-body.ts'

export interface HttpTransportOptions {
  readonly clock?: Clock
  readonly log?: Logger
  /** How often a request is repeated when the server asks for it; 10 when absent. */
  readonly retries?: number
  /** Connections that are made at most for one request each, when there are many at a time; 256 when absent. */
  readonly busyConnections?: number
  /** How the server's address is reached; by default from this machine, as it is. */
  readonly connect?: Connect
  /** Counts requests, each attempt by itself. */
  readonly metrics?: RequestMetrics
}

/** Carries requests to an API server over the network. */
export interface HttpTransport extends AsyncDisposable {
  readonly send: Transport
  /**
   * Leaves HTTP on a connection of its own: exec, attach, port-forward.
   * @throws StatusError when the server refuses, TransportError.
   */
  upgrade(request: UpgradeRequest): Promise<Upgraded>
  /** Ends all connections; requests under way fail. */
  close(): Promise<void>
}

/** A connection that has left HTTP. */
export interface Upgraded {
  readonly headers: Headers
  readonly connection: Duplex
}

/**
 * A transport to the server of a configuration. Connects when the first request is sent; speaks HTTP/2 where the server
 * does, else HTTP/1.1.
 */
export function createHttpTransport(config: HttpConfig, options: HttpTransportOptions = {}): HttpTransport {
  return new ConfiguredTransport(config, options)
}

class ConfiguredTransport implements HttpTransport {
  readonly send: Transport
  readonly #config: HttpConfig
  readonly #clock: Clock
  readonly #log: Logger
  readonly #credentials: Credentials
  readonly #identities: TlsIdentities
  readonly #dialer: Dialer
  readonly #prefix: string
  readonly #busyConnections: number
  #protocol: Promise<Protocol> | undefined
  #closed = false

  constructor(config: HttpConfig, options: HttpTransportOptions) {
    const { clock = systemClock, log = silentLogger, retries, connect, busyConnections = 256, metrics } = options
    this.#config = config
    this.#clock = clock
    this.#log = log
    this.#busyConnections = busyConnections
    this.#credentials = createCredentials(config, clock, log)
    this.#identities = new TlsIdentities(config, this.#credentials, clock)
    this.#dialer = new Dialer(config, this.#identities, connect)
    this.#prefix = this.#dialer.url.pathname.replace(/\/$/, '')
    const send: Transport = (request) => this.#send(request)
    this.send = retryTransport(metrics?.of(send, this.#dialer.url.host) ?? send, {
      clock,
      ...(retries === undefined ? {} : { retries }),
    })
  }

  async upgrade(request: UpgradeRequest): Promise<Upgraded> {
    const headers = { ...request.headers, ...(await this.#credentials.headers()) }
    return upgrade(this.#dialer, { ...request, path: `${this.#prefix}${request.path}`, headers })
  }

  async close(): Promise<void> {
    this.#closed = true
    const protocol = await this.#protocol?.catch(() => undefined)
    protocol?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #send(request: ApiRequest): Promise<ApiResponse> {
    request.signal.throwIfAborted()
    const { timeoutMs } = this.#config
    if (timeoutMs === undefined || isOpenEnded(request)) return this.#exchange(request, request.signal)
    const limited = new AbortController()
    const onAbort = (): void => limited.abort(request.signal.reason)
    addAbortListener(request.signal, onAbort)
    const cancel = this.#clock.timer(timeoutMs, () =>
      limited.abort(
        new TransportError('Timeout', `${request.method} ${request.path}: no answer within ${timeoutMs} ms`),
      ),
    )
    try {
      return await this.#exchange(request, limited.signal)
    } finally {
      cancel()
      removeAbortListener(request.signal, onAbort)
    }
  }

  async #exchange(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    const started = this.#clock.monotonic()
    const { method, path, query } = request
    const exchange: Exchange = {
      method,
      target: `${this.#prefix}${path}${query === '' ? '' : `?${query}`}`,
      headers: { ...defined(request.headers), ...(await this.#credentials.headers()) },
      body: await bodyOf(request),
      signal,
    }
    const protocol = await this.#connected(exchange)
    if (await this.#identities.changed()) protocol.retire()
    signal.throwIfAborted()
    if (isOpenEnded(request)) {
      const { code, headers, body } = await protocol.send(exchange)
      if (code === 401) await this.#refused(exchange.headers, started)
      const contentType = headers['content-type'] ?? ''
      if (code === 200 && isWatch(request)) return watchResponse(code, headers, body)
      if (code === 200) return { kind: 'stream', code, headers, contentType, body: chunks(body) }
      return wholeResponse({ code, headers, bytes: await readBody(body, exchange) })
    }
    const answer = await protocol.call(exchange)
    if (answer.code === 401) await this.#refused(exchange.headers, started)
    return wholeResponse(answer)
  }

  async #refused(used: RequestHeaders, since: number): Promise<void> {
    try {
      await this.#credentials.refused?.(used, since)
    } catch (error) {
      this.#log.error('Refreshing credentials failed', { error })
    }
  }

  /** What the server speaks is asked with the first connection, which then serves. */
  #connected(exchange: Exchange): Promise<Protocol> {
    this.#protocol ??= this.#negotiate().catch((error: unknown) => {
      this.#protocol = undefined
      throw transportError(error, exchange)
    })
    return this.#protocol
  }

  async #negotiate(): Promise<Protocol> {
    if (this.#closed) throw new TransportError('Unreachable', 'the transport is closed')
    const offered = this.#config.disableHttp2 ? ['http/1.1'] : ['h2', 'http/1.1']
    const { socket, protocol } = await this.#dialer.dial(offered)
    return protocol === 'h2'
      ? new Http2(this.#dialer, this.#clock, this.#log, this.#busyConnections, socket)
      : new Http1(this.#dialer, socket)
  }
}

function wholeResponse({ code, headers, bytes }: WholeAnswer): ApiResponse {
  const contentType = headers['content-type'] ?? ''
  const object = contentType.startsWith('application/json') ? decodeObject(bytes) : undefined
  if (object === undefined) return { kind: 'bytes', code, headers, contentType, bytes }
  return { kind: 'object', code, headers, object, encode: () => ({ contentType, bytes }) }
}

const isWatch = ({ method, query }: ApiRequest): boolean =>
  method === 'GET' && /(?:^|&)watch=(?:true|1)(?:&|$)/.test(query)

/** The answer may go on for ever: watches, logs that are followed. */
function isOpenEnded(request: ApiRequest): boolean {
  return isWatch(request) || /(?:^|&)follow=(?:true|1)(?:&|$)/.test(request.query) || request.path.endsWith('/log')
}

async function bodyOf({ body }: ApiRequest): Promise<Uint8Array | undefined> {
  if (!body) return undefined
  return body.kind === 'object' ? Buffer.from(JSON.stringify(body.object)) : await body.read(Infinity)
}

function defined(headers: Headers): { readonly [name: string]: string } {
  const result: { [name: string]: string } = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) result[name] = value
  }
  return result
}

async function* chunks(body: Readable): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of body) yield chunk as Buffer
  } finally {
    body.destroy()
  }
}
