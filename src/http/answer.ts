import type { Headers } from '#client'

/** Takes the answer to one request to the wire; one for each version of HTTP. */
export interface Answer {
  /** Nobody will get what is written any more. */
  readonly gone: boolean
  /** The head is all that was asked for. */
  readonly headOnly: boolean
  readonly acceptsGzip: boolean
  /** Bytes that were written and did not get to the system yet. */
  readonly backlog: number
  /** Nothing that was written is in use any more. */
  readonly flushed: boolean
  /** The whole answer in one go. */
  whole(code: number, contentType: string | undefined, headers: Headers | undefined, bytes: Uint8Array): void
  /** The head of an answer whose body comes by {@link write}. */
  begin(code: number, contentType: string | undefined, headers: Headers | undefined): void
  /** A piece of the body. Answers whether more should be written at once; otherwise wait until it {@link drained}. */
  write(bytes: Uint8Array): boolean
  /** Resolves when more can be taken, or nobody is there to get it. */
  drained(): Promise<void>
  /** The body is complete. */
  end(): void
  /** Breaks off: the client sees that something is missing. */
  destroy(): void
  /** Calls back when the client is gone before the answer was complete, or the answer is complete. */
  onOver(listener: () => void): void
}

/** Where one warning ends and the next begins; quotes within a text are escaped. */
const nextWarning = /, (?=299 - ")/

/**
 * Each warning goes out in a line of its own, because clients take a line for one. Lines are UTF-8, of which the platform
 * wants a character for each byte.
 */
export const warningLines = (value: string): string[] =>
  Buffer.from(value, 'utf8').toString('latin1').split(nextWarning)

export function acceptsGzip(accept: string | undefined): boolean {
  return accept !== undefined && accept.split(',').some((token) => token.trim() === 'gzip')
}
