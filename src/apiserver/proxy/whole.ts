import { concatBytes } from '#machinery'

/**
 * All of a body.
 *
 * @param most bytes that are taken; as many as come, when not given
 * @throws Error when there are more
 */
export async function whole(body: AsyncIterable<Uint8Array>, most: number = Infinity): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    pieces.push(piece)
    length += piece.length
    if (length > most) throw new Error(`the answer is longer than ${most} bytes`)
  }
  return concatBytes(pieces)
}
