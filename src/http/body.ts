import { internalError, requestEntityTooLarge } from '#machinery'

/** Who brings the bytes of a body, and can be asked to wait. */
export interface BodySource {
  /** The body is wanted. */
  wanted(): void
  pause(): void
  resume(): void
}

/** More than this is not kept of a body that nobody reads. */
const highWater = 256 * 1024

/** A piece that is kept costs more than this many bytes; smaller ones are put together, so many bytes at a time. */
const smallPiece = 512
const gatheredBytes = 16 * 1024

/** The body of a request while it comes in. */
export class IncomingBody {
  readonly kind = 'bytes'
  /** Length in bytes, where the head tells it. */
  readonly #declared: number | undefined
  readonly #source: BodySource
  #pieces: Buffer[] = []
  /** Where small pieces are put together that follow others: the last of the pieces is what it is filled with. */
  #gathered: Buffer | undefined
  #filled = 0
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
    this.#keep(piece)
    this.#length += piece.length
    if (this.#length > highWater && !this.#wake && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
    this.#wake?.()
  }

  #keep(piece: Buffer): void {
    const { length } = piece
    if (length > smallPiece || this.#pieces.length === 0) {
      this.#gathered = undefined
      this.#pieces.push(piece)
      return
    }
    if (!this.#gathered || this.#filled + length > gatheredBytes) {
      this.#gathered = Buffer.allocUnsafeSlow(gatheredBytes)
      this.#filled = 0
      this.#pieces.push(piece)
    }
    piece.copy(this.#gathered, this.#filled)
    this.#filled += length
    this.#pieces[this.#pieces.length - 1] = this.#gathered.subarray(0, this.#filled)
  }

  #take(): Buffer[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#gathered = undefined
    return pieces
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

  /** The whole body; at once if all of it came already. @throws StatusError RequestEntityTooLarge, or that the client went */
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
    const pieces = this.#take()
    const [first] = pieces
    return pieces.length === 1 && first ? first : Buffer.concat(pieces, this.#length)
  }

  /** What follows is passed over: somebody who is told that it is too much may send all of it before they listen. */
  #refused(limit: number): Error {
    this.#state = 'dropped'
    this.#take()
    this.#resume()
    return tooLarge(limit)
  }

  async *stream(): AsyncIterable<Uint8Array> {
    this.#source.wanted()
    for (;;) {
      while (this.#pieces.length === 0 && this.#state === 'open') await this.#change()
      this.#length = 0
      yield* this.#take()
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

/** As upstream has it, for the audit log; it is no failure of the server, which logs those. */
const gone = (): Error => internalError('unexpected EOF')

function tooLarge(limit: number): Error {
  return requestEntityTooLarge(`limit is ${limit}`)
}
