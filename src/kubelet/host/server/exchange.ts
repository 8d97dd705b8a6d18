import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request with its path taken apart. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** Parts of the path that the route leaves open. */
  readonly parameters: readonly string[]
}

/** How Prometheus calls its text format. */
export const exposition = 'text/plain; version=0.0.4; charset=utf-8'

/** What texts for people are. */
const plainText = 'text/plain; charset=utf-8'

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType: string = plainText,
): void {
  const body = Buffer.from(text)
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length })
  response.end(body)
}

export function sendJson(response: ServerResponse, value: unknown): void {
  sendText(response, 200, JSON.stringify(value), 'application/json')
}

/** A refusal with the status of its answer, and headers that it has besides. */
export class Refused extends Error {
  readonly status: number
  readonly headers: { readonly [name: string]: string }

  constructor(status: number, message: string, headers: { readonly [name: string]: string } = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** A refusal as plain servers of Go write it: a line of its own that no browser takes for something else. */
export const httpRefusal = (status: number, text: string): Refused =>
  new Refused(status, `${text}\n`, { 'x-content-type-options': 'nosniff' })
