import type { Endpoint } from './endpoint.ts'

/** A request that is sent again and again; in path and body, `########` stands for a number that is another each time. */
export interface RequestTemplate {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: string
}

export const numberMark = '########'

/** A request as bytes, made once: only its number is written anew each time. */
export class EncodedRequest {
  readonly #bytes: Buffer
  readonly #marks: readonly number[]

  constructor(endpoint: Endpoint, { method, path, body = '' }: RequestTemplate) {
    const head = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${endpoint.host}:${endpoint.port}`,
      ...(endpoint.token === undefined ? [] : [`Authorization: Bearer ${endpoint.token}`]),
      'User-Agent: k8ts-bench',
      'Accept: application/json',
      ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
    ]
    this.#bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
    this.#marks = placesOf(this.#bytes, numberMark)
  }

  /** @param number below 10^8. @returns bytes that hold until the next call. */
  with(number: number): Buffer {
    for (const mark of this.#marks) {
      let rest = number
      for (let place = mark + numberMark.length - 1; place >= mark; place--) {
        this.#bytes[place] = 48 + (rest % 10)
        rest = Math.floor(rest / 10)
      }
    }
    return this.#bytes
  }
}

function placesOf(bytes: Buffer, text: string): readonly number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) places.push(at)
  return places
}
