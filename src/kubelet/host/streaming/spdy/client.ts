import type { Duplex } from 'node:stream'
import { constants, createDeflate, type Deflate } from 'node:zlib'
import { Mutex } from '#base'
import { headerDictionary } from './dictionary.ts'
import { controlFrame, dataFrame, finFlag, FrameReader, frameType, headerBlock, type Frame } from './frames.ts'

/** Receives what a stream brings. */
export interface StreamListener {
  data?(bytes: Buffer): void
  /** The peer sends no more on it, or the connection is gone. */
  end?(): void
}

/** One stream of a connection. */
export interface SpdyStream {
  write(bytes: Uint8Array): void
  /** We send no more. */
  end(): void
}

/** The client's side of a SPDY/3.1 connection, as far as container runtimes' streaming servers need it. */
export class SpdyClient {
  readonly #socket: Duplex
  readonly #reader = new FrameReader()
  readonly #deflate: Deflate
  readonly #streams = new Map<number, StreamListener>()
  #nextId = 1
  /** Headers are compressed one after the other: each block leans on those before it. */
  readonly #sending = new Mutex()

  /** @param socket a connection whose upgrade is done. @param head what was read beyond the upgrade's answer. */
  constructor(socket: Duplex, head: Buffer) {
    this.#socket = socket
    this.#deflate = createDeflate({ dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH })
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('close', () => this.#onClosed())
    socket.on('error', () => socket.destroy())
    if (head.length > 0) this.#take(head)
  }

  /** Opens a stream. Streams open in the order of the calls. */
  async open(headers: { readonly [name: string]: string }, listener: StreamListener): Promise<SpdyStream> {
    const id = this.#nextId
    this.#nextId += 2
    this.#streams.set(id, listener)
    await this.#sending.run(async () => {
      const prefix = Buffer.alloc(10)
      prefix.writeUInt32BE(id, 0)
      const block = await this.#compress(headerBlock(headers))
      this.#socket.write(controlFrame(frameType.synStream, 0, Buffer.concat([prefix, block])))
    })
    return {
      write: (bytes) => {
        if (!this.#socket.destroyed) this.#socket.write(dataFrame(id, bytes, false))
      },
      end: () => {
        if (!this.#socket.destroyed) this.#socket.write(dataFrame(id, new Uint8Array(0), true))
      },
    }
  }

  close(): void {
    this.#socket.destroy()
    this.#deflate.close()
  }

  #compress(block: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      const take = (part: Buffer): void => {
        parts.push(part)
      }
      this.#deflate.on('data', take)
      this.#deflate.once('error', reject)
      this.#deflate.write(block)
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => {
        this.#deflate.off('data', take)
        this.#deflate.off('error', reject)
        resolve(Buffer.concat(parts))
      })
    })
  }

  #take(chunk: Buffer): void {
    for (const frame of this.#reader.push(chunk)) this.#handle(frame)
  }

  #handle(frame: Frame): void {
    if (frame.kind === 'data') {
      const listener = this.#streams.get(frame.streamId)
      if (frame.content.length > 0) listener?.data?.(frame.content)
      if (frame.isLast) this.#endStream(frame.streamId)
      return
    }
    switch (frame.type) {
      case frameType.synReply:
        if ((frame.flags & finFlag) !== 0) this.#endStream(frame.content.readUInt32BE(0) & 0x7fffffff)
        return
      case frameType.rstStream:
        this.#endStream(frame.content.readUInt32BE(0) & 0x7fffffff)
        return
      case frameType.ping:
        this.#socket.write(controlFrame(frameType.ping, 0, frame.content))
        return
      case frameType.goAway:
        this.#socket.end()
    }
  }

  #endStream(id: number): void {
    const listener = this.#streams.get(id)
    this.#streams.delete(id)
    listener?.end?.()
  }

  #onClosed(): void {
    for (const id of this.#streams.keys()) this.#endStream(id)
  }
}
