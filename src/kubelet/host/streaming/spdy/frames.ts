/** Control frames of SPDY/3.1 that matter here. */
export const frameType = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const

const version = 3
export const finFlag = 1

/** A control frame: type, flags and content. */
export function controlFrame(type: number, flags: number, content: Uint8Array): Buffer {
  const frame = Buffer.alloc(8 + content.length)
  frame.writeUInt16BE(0x8000 | version, 0)
  frame.writeUInt16BE(type, 2)
  frame.writeUInt32BE(((flags << 24) | content.length) >>> 0, 4)
  frame.set(content, 8)
  return frame
}

export function dataFrame(streamId: number, content: Uint8Array, isLast: boolean): Buffer {
  const frame = Buffer.alloc(8 + content.length)
  frame.writeUInt32BE(streamId, 0)
  frame.writeUInt32BE((((isLast ? finFlag : 0) << 24) | content.length) >>> 0, 4)
  frame.set(content, 8)
  return frame
}

/** Headers as they are before compression. */
export function headerBlock(headers: { readonly [name: string]: string }): Buffer {
  const parts: Buffer[] = []
  const number = (value: number): void => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    parts.push(bytes)
  }
  const text = (value: string): void => {
    const bytes = Buffer.from(value)
    number(bytes.length)
    parts.push(bytes)
  }
  const entries = Object.entries(headers)
  number(entries.length)
  for (const [name, value] of entries) {
    text(name.toLowerCase())
    text(value)
  }
  return Buffer.concat(parts)
}

export type Frame =
  | { readonly kind: 'data'; readonly streamId: number; readonly isLast: boolean; readonly content: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly content: Buffer }

/** Cuts frames out of what arrives. */
export class FrameReader {
  #buffer: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): Frame[] {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
    const frames: Frame[] = []
    while (this.#buffer.length >= 8) {
      const word = this.#buffer.readUInt32BE(4)
      const length = word & 0xffffff
      const flags = word >>> 24
      if (this.#buffer.length < 8 + length) break
      const content = this.#buffer.subarray(8, 8 + length)
      if (((this.#buffer[0] ?? 0) & 0x80) === 0) {
        const streamId = this.#buffer.readUInt32BE(0) & 0x7fffffff
        frames.push({ kind: 'data', streamId, isLast: (flags & finFlag) !== 0, content })
      } else {
        frames.push({ kind: 'control', type: this.#buffer.readUInt16BE(2), flags, content })
      }
      this.#buffer = this.#buffer.subarray(8 + length)
    }
    return frames
  }
}
