/** Bytes before a message: one for compression, four for the length. */
export const frameHeader = 5

/** Fills in the header of a message that has {@link frameHeader} free bytes in front. */
export function framed(message: Buffer): Buffer {
  message[0] = 0
  message.writeUInt32BE(message.length - frameHeader, 1)
  return message
}

/** Puts messages together from what arrives, wherever the bytes were cut. */
export class Frames {
  readonly #longest: number
  #chunks: Buffer[] = []
  #buffered = 0

  /** @param longest bytes that a message may have. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** Hands on what is whole now. @returns the length of a message that is too long, after which nothing must come. */
  take(chunk: Buffer, message: (bytes: Buffer) => void): number | undefined {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    while (this.#buffered >= frameHeader) {
      if ((this.#chunks[0]?.length ?? 0) < frameHeader) this.#chunks = [Buffer.concat(this.#chunks)]
      const length = this.#chunks[0]?.readUInt32BE(1) ?? 0
      if (length > this.#longest) return length
      if (this.#buffered < frameHeader + length) return undefined
      const [first] = this.#chunks
      const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks)
      const rest = all.subarray(frameHeader + length)
      this.#chunks = rest.length > 0 ? [rest] : []
      this.#buffered = rest.length
      message(all.subarray(frameHeader, frameHeader + length))
    }
    return undefined
  }
}
