/** A request that no handler can be shown. The texts are those that Go's server gives, which clients of Kubernetes know. */
export class Refusal extends Error {
  readonly code: number
  /** What follows the code, in the status line and as body. */
  readonly text: string

  constructor(code: number, text: string) {
    super(`${code} ${text}`)
    this.code = code
    this.text = text
  }

  /** The whole answer; the connection is closed behind it. */
  get answer(): string {
    const line = `${this.code} ${this.text}`
    return `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${line}`
  }
}

export const badRequest = (why?: string): Refusal =>
  new Refusal(400, why === undefined ? 'Bad Request' : `Bad Request: ${why}`)
export const headTooLarge = (): Refusal => new Refusal(431, 'Request Header Fields Too Large')
