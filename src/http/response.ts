import { promisify } from 'node:util'
import { constants, createGzip, gzip } from 'node:zlib'
import type {
  ApiResponse,
  Chunks,
  Headers,
  ObjectResponse,
  OutgoingEvent,
  StreamResponse,
  WatchResponse,
} from '#client'
import type { Answer } from './answer.ts'
import { watchAheadLimit } from './limits.ts'
import { caughtUp, Lag, taken, turn } from './pace.ts'

const compress = promisify(gzip)

/** Answers larger than this are compressed for clients that accept it, at the level that costs least. */
const gzipThreshold = 128 * 1024
const gzipLevel = 1

/** Sends any answer but an upgrade; at once where nothing needs a wait. */
export function send(response: ApiResponse, answer: Answer): void | Promise<void> {
  switch (response.kind) {
    case 'object': {
      if (response.chunks && !answer.headOnly) return sendChunks(response, response.chunks, answer)
      const { contentType, bytes } = response.encode()
      return sendBytes(response.code, contentType, bytes, response.headers, answer)
    }
    case 'bytes':
      return sendBytes(response.code, response.contentType, response.bytes, response.headers, answer)
    case 'watch':
      return sendWatch(response, answer)
    case 'stream':
      return sendStream(response, answer)
    case 'upgrade':
      throw new Error('an upgrade has no response of its own')
  }
}

function sendBytes(
  code: number,
  contentType: string,
  bytes: Uint8Array,
  headers: Headers | undefined,
  answer: Answer,
): void | Promise<void> {
  // Parts of a document are of its own bytes.
  const whole = code !== 206
  if (whole && bytes.length > gzipThreshold && answer.acceptsGzip)
    return sendZipped(code, contentType, bytes, headers, answer)
  if (!answer.gone) answer.whole(code, contentType || undefined, headers, bytes)
}

async function sendZipped(
  code: number,
  contentType: string,
  bytes: Uint8Array,
  headers: Headers | undefined,
  answer: Answer,
): Promise<void> {
  const zipped = await compress(bytes, { level: gzipLevel })
  if (!answer.gone) answer.whole(code, contentType, ofZipped(headers), zipped)
}

const ofZipped = (headers: Headers | undefined): Headers => ({
  ...headers,
  'content-encoding': 'gzip',
  vary: varying(headers?.['vary']),
})

const varying = (others: string | undefined): string =>
  others === undefined ? 'Accept-Encoding' : others.includes('Accept-Encoding') ? others : `Accept-Encoding, ${others}`

/** Sends a large answer piece by piece, at the client's pace, and lets others have their turn between pieces. */
async function sendChunks(response: ObjectResponse, chunks: Chunks, answer: Answer): Promise<void> {
  const { contentType } = chunks
  const { code, headers } = response
  const pieces = chunks.pieces()
  const first = await nextPiece(pieces, answer)
  const second = first && (await nextPiece(pieces, answer))
  if (!first || !second) return sendBytes(code, contentType, first ?? new Uint8Array(), headers, answer)
  if (answer.gone) return
  if (answer.acceptsGzip) {
    answer.begin(code, contentType, ofZipped(headers))
    for await (const piece of compressed(first, second, pieces)) await takePiece(piece, answer)
  } else {
    const { length } = chunks
    answer.begin(code, contentType, length === undefined ? headers : { ...headers, 'content-length': String(length) })
    await takePiece(first, answer)
    await takePiece(second, answer)
    let spare: Uint8Array | undefined
    for (let step = pieces.next(spare); !step.done && !answer.gone; step = pieces.next(spare)) {
      await takePiece(step.value, answer)
      spare = answer.flushed ? step.value : undefined
    }
  }
  answer.end()
}

/** The next piece with something in it; `undefined` behind the last, or when nobody is there to get it. */
async function nextPiece(
  pieces: Iterator<Uint8Array, unknown, undefined>,
  answer: Answer,
): Promise<Uint8Array | undefined> {
  for (let step = pieces.next(); !step.done; step = pieces.next()) {
    if (step.value.length > 0) return step.value
    await turn()
    if (answer.gone) return undefined
  }
  return undefined
}

async function takePiece(piece: Uint8Array, answer: Answer): Promise<void> {
  if (piece.length > 0 && !answer.write(piece)) await taken(answer.drained(), () => answer.destroy())
  await turn()
}

/** What a compressor makes of the pieces, which it takes as fast as its own output is taken. */
async function* compressed(
  first: Uint8Array,
  second: Uint8Array,
  rest: Iterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const zip = createGzip({ level: gzipLevel, flush: constants.Z_NO_FLUSH })
  const take = async (piece: Uint8Array): Promise<void> => {
    if (piece.length > 0 && !zip.write(piece)) await new Promise((resolve) => zip.once('drain', resolve))
    await turn()
  }
  const feed = async (): Promise<void> => {
    await take(first)
    await take(second)
    for (const piece of rest) {
      if (zip.destroyed) return
      await take(piece)
    }
    zip.end()
  }
  feed().catch((error: unknown) => zip.destroy(error as Error))
  yield* zip as AsyncIterable<Uint8Array>
}

function sendWatch(response: WatchResponse, answer: Answer): void {
  if (answer.gone) return
  answer.begin(response.code, response.contentType, response.headers)
  let stop: (() => void) | undefined
  let ended = false
  const lag = new Lag()
  const drained = (): Promise<void> => answer.drained()
  const giveUp = (): void => {
    if (!ended) response.lagged?.()
    answer.destroy()
  }
  answer.onOver(() => {
    ended = true
    lag.end()
    stop?.()
  })
  stop = response.start({
    event(event: OutgoingEvent) {
      if (ended) return
      answer.write(event.encode())
      if (!lag.mayGoOn(answer.backlog, drained)) giveUp()
    },
    ready: () => (answer.backlog > watchAheadLimit && !ended ? caughtUp(answer.drained(), giveUp) : undefined),
    end() {
      if (!ended) answer.end()
    },
  })
  if (ended) stop()
}

async function sendStream(response: StreamResponse, answer: Answer): Promise<void> {
  if (answer.gone) return
  answer.begin(response.code, response.contentType, response.headers)
  try {
    for await (const chunk of response.body) {
      if (answer.gone) return
      if (!answer.write(chunk)) await answer.drained()
    }
    answer.end()
  } catch {
    answer.destroy()
  }
}
