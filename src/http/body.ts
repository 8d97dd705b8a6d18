import { requestEntityTooLarge } from '#machinery'

/** Who brings the bytes of a body, and can be asked to wait. */
export interface BodySource {
  /** The body is wanted. */
  wanted(): void
  pause(): void
  resume(): void
}

/** More than this is not kept of a body that nobody reads. */
const highWater = 256 * 1024

/** The body of a request while it comes in. */
export class IncomingBody {
  readonly kind = 'bytes'
  /** Length in bytes, where the head tells it. */
  readonly #declared: number | undefined
  readonly #source: BodySource
  #pieces: Buffer[] = []
  #length = 0
  #paused = false
  #state: 'open' | 'ended' | 'gone' | 'dropped' = 'open'
  /** Called when something happened that a reader may wait for. */
  #wake: (() => void) | undefined

  constructor(declared: number | undefined, source: BodySource) {
    this.#declared = declared
    this.#source = source
  }

  /** A piece came. */
  push(piece: Buffer): void {
    if (this.#state === 'dropped') return
    this.#pieces.push(piece)
    this.#length += piece.length
    if (this.#length > highWater && !this.#wake && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
    this.#wake?.()
  }

  /** Nothing follows. */
  end(): void {
    if (this.#state === 'open') this.#state = 'ended'
    this.#wake?.()
  }

  /** The client went before the body was complete. */
  lose(): void {
    if (this.#state === 'open') this.#state = 'gone'
    this.#wake?.()
  }

  /** The whole body; at once if all of it came already. @throws StatusError RequestEntityTooLarge */
  read(limit: number): Uint8Array | Promise<Uint8Array> {
    if (this.#declared !== undefined && this.#declared > limit) throw this.#refused(limit)
    this.#source.wanted()
    return this.#length <= limit && this.#state === 'open' ? this.#readRest(limit) : this.#whole(limit)
  }

  async #readRest(limit: number): Promise<Uint8Array> {
    while (this.#length <= limit && this.#state === 'open') await this.#change()
    return this.#whole(limit)
  }

  #whole(limit: number): Uint8Array {
    if (this.#length > limit) throw this.#refused(limit)
    if (this.#state === 'gone') throw gone()
    const [first] = this.#pieces
    const bytes = this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces, this.#length)
    this.#pieces = []
    return bytes
  }

  /** What follows is passed over: somebody who is told that it is too much may send all of it before they listen. */
  #refused(limit: number): Error {
    this.#state = 'dropped'
    this.#pieces = []
    this.#resume()
    return tooLarge(limit)
  }

  async *stream(): AsyncIterable<Uint8Array> {
    this.#source.wanted()
    for (;;) {
      while (this.#pieces.length === 0 && this.#state === 'open') await this.#change()
      const pieces = this.#pieces
      this.#pieces = []
      this.#length = 0
      yield* pieces
      if (this.#pieces.length > 0) continue
      if (this.#state === 'gone') throw gone()
      if (this.#state === 'ended') return
    }
  }

  /** Waits for more. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
      this.#resume()
    })
  }

  #resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#source.resume()
  }
}

const gone = (): Error => new Error('the client is gone before its body was')

function tooLarge(limit: number): Error {
  return requestEntityTooLarge(`limit is ${limit}`)
}
