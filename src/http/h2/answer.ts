import { constants } from 'node:http2'
import type { ServerHttp2Stream } from 'node:http2'
import type { Headers } from '#client'
import { acceptsGzip, warningLines } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { drainOf } from '../pace.ts'
import { hasNoBody } from '../bodiless.ts'

/** How much of a request is read for nothing once it has its answer, and for how long. */
const drainedBytes = 256 * 1024
const drainMs = 5000

/** Seconds that a client has for an answer that is complete, and bytes that it takes in each one beyond. */
const takingSeconds = 60
const slowestPerSecond = 64 * 1024

/** An answer over HTTP/2. */
export class Http2Answer implements Answer {
  readonly #stream: ServerHttp2Stream
  readonly #method: string
  readonly #accept: string | undefined
  #ended = false
  /** Seconds that are left until what was written must have been taken, once all was written. */
  #patience: number | undefined

  constructor(stream: ServerHttp2Stream, method: string, acceptEncoding: string | undefined) {
    this.#stream = stream
    this.#method = method
    this.#accept = acceptEncoding
  }

  get gone(): boolean {
    return this.#ended || this.#stream.destroyed || this.#stream.closed
  }

  get headOnly(): boolean {
    return this.#method === 'HEAD'
  }

  get acceptsGzip(): boolean {
    return acceptsGzip(this.#accept)
  }

  get backlog(): number {
    return this.#stream.writableLength
  }

  /** Its frames may still point to what was written. */
  get flushed(): boolean {
    return false
  }

  whole(code: number, contentType: string | undefined, headers: Headers | undefined, bytes: Uint8Array): void {
    if (this.gone) return
    const fields = fieldsOf(code, contentType, headers)
    if (!hasNoBody(code)) fields['content-length'] = String(bytes.length)
    const bodiless = this.headOnly || hasNoBody(code) || bytes.length === 0
    this.#ended = true
    this.#stream.respond(fields, bodiless ? endStream : undefined)
    if (!bodiless) this.#stream.end(bytes)
    this.#patience = takingSeconds + bytes.length / slowestPerSecond
    this.#stopRequest()
  }

  /** A second passed. */
  tick(): void {
    if (this.#patience !== undefined && --this.#patience < 0) this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  begin(code: number, contentType: string | undefined, headers: Headers | undefined): void {
    if (this.gone) return
    const bodiless = this.headOnly || hasNoBody(code)
    this.#stream.respond(fieldsOf(code, contentType, headers), bodiless ? endStream : undefined)
  }

  write(bytes: Uint8Array): boolean {
    if (this.gone || !this.#stream.writable) return true
    return this.#stream.write(bytes)
  }

  async drained(): Promise<void> {
    if (!this.gone) await drainOf(this.#stream)
  }

  end(): void {
    if (this.gone) return
    this.#ended = true
    this.#patience = takingSeconds + this.#stream.writableLength / slowestPerSecond
    this.#stream.end()
    this.#stopRequest()
  }

  /**
   * Nobody reads any more what is left of the request. What is little is let come: whoever stops a stream (RFC 9113, 8.1)
   * takes back what of its answer is still on the way.
   */
  #stopRequest(): void {
    const stream = this.#stream
    if (stream.endAfterHeaders || stream.readableEnded) return
    let left = drainedBytes
    const timer = setTimeout(() => stream.close(), drainMs).unref()
    stream.once('close', () => clearTimeout(timer))
    stream.on('data', (piece: Buffer) => {
      left -= piece.length
      if (left < 0 && stream.writableFinished) setImmediate(() => stream.close())
    })
    stream.resume()
  }

  destroy(): void {
    this.#stream.destroy()
  }

  onOver(listener: () => void): void {
    if (this.gone) listener()
    else this.#stream.once('close', listener)
  }
}

const endStream = { endStream: true }
/** Headers that belong to a connection have no place in HTTP/2. */
const ofConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

function fieldsOf(
  code: number,
  contentType: string | undefined,
  headers: Headers | undefined,
): { [name: string]: string | string[] | number } {
  const fields: { [name: string]: string | string[] | number } = { ':status': code }
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || ofConnection.has(name)) continue
    fields[name] = name === 'warning' ? warningLines(value) : value
  }
  if (contentType !== undefined) fields['content-type'] = contentType
  return fields
}
