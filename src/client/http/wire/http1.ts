import { Agent, request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Dialer } from './dial.ts'
import type { WholeAnswer } from './answer-reader.ts'
import { callOver, errorCode, transportError } from './exchange.ts'
import type { Answer, Exchange, Protocol } from './exchange.ts'
import { flatHeaders, outgoingHeaders } from './headers.ts'

/** Connections kept for the next request, and for how long. */
const maxIdle = 25
const idleMs = 90_000

/** HTTP/1.1 over connections that are kept alive: one for each exchange under way. */
export class Http1 implements Protocol {
  readonly #dialer: Dialer
  #agent: Agent
  /** A connection that was made to learn what the server speaks. */
  #spare: Socket | undefined

  constructor(dialer: Dialer, spare: Socket | undefined) {
    this.#dialer = dialer
    this.#spare = spare
    this.#agent = this.#createAgent()
  }

  async send(exchange: Exchange): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const sent = this.#request(exchange)
      try {
        const response = await answered(sent, exchange)
        return { code: response.statusCode ?? 0, headers: flatHeaders(response.headers), body: response }
      } catch (error) {
        if (exchange.signal.aborted) throw exchange.signal.reason
        // The server closed an idle connection just when it was taken up again: a read may be sent once more.
        const stale = sent.reusedSocket && errorCode(error) === 'ECONNRESET' && exchange.method === 'GET'
        if (!stale || attempt >= maxIdle) throw transportError(error, exchange)
      }
    }
  }

  call(exchange: Exchange): Promise<WholeAnswer> {
    return callOver(this, exchange)
  }

  retire(): void {
    const old = this.#agent
    this.#agent = this.#createAgent()
    // Idle connections end at once, those in use when their exchange is over.
    old.maxFreeSockets = 0
    for (const sockets of Object.values(old.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
  }

  close(): void {
    this.#agent.destroy()
    this.#spare?.destroy()
    this.#spare = undefined
  }

  #request(exchange: Exchange): ClientRequest {
    const { method, target, headers, body, signal } = exchange
    const length = body ? { 'content-length': body.byteLength } : {}
    const sent = request({
      agent: this.#agent,
      host: this.#dialer.host,
      port: this.#dialer.port,
      method,
      path: target,
      headers: { ...outgoingHeaders(headers), host: this.#dialer.url.host, ...length },
      signal,
    })
    sent.end(body)
    return sent
  }

  #createAgent(): Agent {
    const agent = new Agent({ keepAlive: true, maxFreeSockets: maxIdle, timeout: idleMs })
    agent.createConnection = (_options, callback) => {
      const spare = this.#spare
      this.#spare = undefined
      if (spare && !spare.destroyed) return spare
      void this.#dial(callback)
      return undefined
    }
    return agent
  }

  async #dial(callback: ((error: Error | null, socket: Duplex) => void) | undefined): Promise<void> {
    try {
      const { socket } = await this.#dialer.dial(['http/1.1'])
      callback?.(null, socket)
    } catch (error) {
      // The agent looks at the socket only when there is no error.
      callback?.(error instanceof Error ? error : new Error(String(error)), new Socket())
    }
  }
}

function answered(sent: ClientRequest, exchange: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', (response) => {
      // Errors after this concern whoever reads the body.
      sent.on('error', () => {})
      response.on('error', () => {})
      resolve(response)
    })
    sent.once('error', reject)
    sent.once('upgrade', (_response, socket: Socket) => {
      socket.destroy()
      reject(new Error(`server switched protocols on ${exchange.method} ${exchange.target}`))
    })
  })
}
