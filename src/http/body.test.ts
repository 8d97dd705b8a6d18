import { expect, test } from 'vitest'
import { statusOf } from '#machinery'
import { IncomingBody } from './body.ts'

const bodyOf = (sizes: readonly number[]): { readonly body: IncomingBody; readonly bytes: Buffer } => {
  const body = new IncomingBody(undefined, { wanted() {}, pause() {}, resume() {} })
  const pieces = sizes.map((size, index) => Buffer.alloc(size, index + 1))
  for (const piece of pieces) body.push(piece)
  body.end()
  return { body, bytes: Buffer.concat(pieces) }
}

async function piecesOf(body: IncomingBody): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of body.stream()) pieces.push(piece)
  return pieces
}

test('a body that comes in very many small pieces is kept in few', async () => {
  const sizes = Array.from({ length: 60_000 }, (_, index) => (index % 20_000 === 0 ? 3000 : 3))
  const { body, bytes } = bodyOf(sizes)
  const pieces = await piecesOf(body)
  expect(pieces.length).toBeLessThan(20)
  expect(Buffer.compare(Buffer.concat(pieces), bytes)).toBe(0)
  const whole = await bodyOf(sizes).body.read(1 << 20)
  expect(Buffer.compare(whole, bytes)).toBe(0)
})

test('a body that comes in one piece is not copied', async () => {
  const body = new IncomingBody(3, { wanted() {}, pause() {}, resume() {} })
  const piece = Buffer.from('abc')
  body.push(piece)
  body.end()
  expect(await body.read(10)).toBe(piece)
})

test('pieces that come while others are taken lie behind them', async () => {
  const body = new IncomingBody(undefined, { wanted() {}, pause() {}, resume() {} })
  const seen: string[] = []
  const reading = (async () => {
    for await (const piece of body.stream()) seen.push(Buffer.from(piece).toString())
  })()
  for (const text of ['a', 'b', 'c', 'd']) {
    body.push(Buffer.from(text))
    if (text !== 'b') await new Promise((resolve) => setImmediate(resolve))
  }
  body.end()
  await reading
  expect(seen.join('')).toBe('abcd')
})

test('a client that goes before its body was there is no failure of the server', async () => {
  const body = new IncomingBody(10, { wanted() {}, pause() {}, resume() {} })
  body.push(Buffer.from('abc'))
  const reading = Promise.resolve(body.read(100))
  body.lose()
  await expect(reading.catch(statusOf)).resolves.toMatchObject({
    code: 500,
    message: expect.stringContaining('unexpected EOF'),
  })
})
