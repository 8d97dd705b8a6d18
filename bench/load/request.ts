import type { Endpoint } from './endpoint.ts'

/**
 * A request that is sent again and again; in path and body, `########` stands for a number that is another each time, and
 * `@@@@@@@@` for the number of one of `objects`, one after the other.
 */
export interface RequestTemplate {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: string
  /** How many objects the requests are about. */
  readonly objects?: number
  /** JSON when absent, as with `accept`. */
  readonly contentType?: string
  readonly accept?: string
  readonly userAgent?: string
}

export const numberMark = '########'
export const objectMark = '@@@@@@@@'

/** A request as bytes, made once: only its numbers are written anew each time. */
export class EncodedRequest {
  readonly #bytes: Buffer
  readonly #marks: readonly number[]
  readonly #objectMarks: readonly number[]
  readonly #objects: number

  constructor(endpoint: Endpoint, template: RequestTemplate) {
    const { method, path, body = '', objects = 1, userAgent = 'k8ts-bench' } = template
    const { accept = 'application/json', contentType = 'application/json' } = template
    const head = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${endpoint.host}:${endpoint.port}`,
      ...(endpoint.token === undefined ? [] : [`Authorization: Bearer ${endpoint.token}`]),
      `User-Agent: ${userAgent}`,
      `Accept: ${accept}`,
      ...(body === '' ? [] : [`Content-Type: ${contentType}`, `Content-Length: ${Buffer.byteLength(body)}`]),
    ]
    this.#bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
    this.#marks = placesOf(this.#bytes, numberMark)
    this.#objectMarks = placesOf(this.#bytes, objectMark)
    this.#objects = objects
  }

  /** @param number below 10^8. @returns bytes that hold until the next call. */
  with(number: number): Buffer {
    for (const mark of this.#marks) writeDigits(this.#bytes, mark, number)
    for (const mark of this.#objectMarks) writeDigits(this.#bytes, mark, number % this.#objects)
    return this.#bytes
  }
}

function writeDigits(bytes: Buffer, start: number, number: number): void {
  let rest = number
  for (let place = start + numberMark.length - 1; place >= start; place--) {
    bytes[place] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}

function placesOf(bytes: Buffer, text: string): readonly number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) places.push(at)
  return places
}
