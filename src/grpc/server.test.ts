import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GrpcChannel, type Method } from './channel.ts'
import { GrpcError } from './error.ts'
import { serve, streaming, unary, type GrpcServer } from './server.ts'
import { message } from './wire/message.ts'

interface Text {
  readonly text: string
}

const text = message({ text: [1, 'string'] })
const method = (name: string): Method => ({ path: `/test.Echo/${name}`, request: text, response: text })

let folder: string
let server: GrpcServer
let channel: GrpcChannel
let left: Promise<unknown>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grpc-'))
  const gone = new AbortController()
  left = once(gone.signal, 'abort')
  server = await serve(join(folder, 'echo.sock'), [
    unary<Text>(method('Say'), (request) => request),
    unary(method('Refuse'), () => Promise.reject(new GrpcError('FailedPrecondition', '50% – not now'))),
    unary(method('Break'), () => {
      throw new Error('broken')
    }),
    streaming<Text>(method('Spell'), async function* (request) {
      for (const letter of request.text) yield await Promise.resolve({ text: letter })
      if (request.text === 'fail') throw new GrpcError('Aborted', 'too long')
    }),
    streaming(method('Wait'), async function* (_, { signal }) {
      yield { text: 'there' }
      await once(signal, 'abort')
      gone.abort()
    }),
  ])
  channel = new GrpcChannel(`unix://${join(folder, 'echo.sock')}`)
})

afterEach(async () => {
  channel.close()
  await server.close()
  await rm(folder, { recursive: true })
})

const said = async (name: string, word: string): Promise<string> => {
  try {
    return (await channel.unary<Text>(method(name), { text: word })).text
  } catch (error) {
    return (error as Error).message
  }
}

async function heard(name: string, word: string): Promise<string[]> {
  const letters: string[] = []
  try {
    for await (const { text: letter } of channel.stream<Text>(method(name), { text: word })) letters.push(letter)
  } catch (error) {
    letters.push((error as Error).message)
  }
  return letters
}

test('serve() answers each call once, or as often as it likes', async () => {
  const long = 'x'.repeat(300_000)
  expect(await Promise.all(['a', 'ä', '', long].map((word) => said('Say', word)))).toEqual(['a', 'ä', '', long])
  expect(await heard('Spell', 'word')).toEqual(['w', 'o', 'r', 'd'])
  expect(await heard('Spell', '')).toEqual([])
})

test('what a method throws reaches the caller, before the first answer or after some', async () => {
  expect(await said('Refuse', '')).toBe('rpc error: code = FailedPrecondition desc = 50% – not now')
  expect(await said('Break', '')).toBe('rpc error: code = Unknown desc = broken')
  expect(await heard('Spell', 'fail')).toEqual(['f', 'a', 'i', 'l', 'rpc error: code = Aborted desc = too long'])
})

test('what is not served is told apart from what is not known', async () => {
  expect(await said('Sing', '')).toBe(
    'rpc error: code = Unimplemented desc = unknown method Sing for service test.Echo',
  )
  const other: Method = { path: '/test.Other/Say', request: text, response: text }
  await expect(channel.unary(other, {})).rejects.toThrow('desc = unknown service test.Other')
})

test('a method hears that its caller has gone', async () => {
  for await (const { text: word } of channel.stream<Text>(method('Wait'), {})) {
    expect(word).toBe('there')
    break
  }
  await left
})

test('a message that is too long is refused', async () => {
  expect(await said('Say', 'x'.repeat(5_000_000))).toContain('code = ResourceExhausted')
})

test('close() ends calls under way and leaves no socket', async () => {
  const waiting = heard('Wait', '')
  await said('Say', 'first')
  await server.close()
  expect((await waiting).at(-1)).toContain('code = Unavailable')
  expect(await readdir(folder)).toEqual([])
  server = await serve(join(folder, 'echo.sock'), [])
})

test('the path of a socket may be longer than the kernel takes, its name may not', async () => {
  const deep = join(folder, 'x'.repeat(120))
  await mkdir(deep)
  const path = join(deep, 'echo.sock')
  const other = await serve(path, [unary<Text>(method('Say'), (request) => request)])
  const far = new GrpcChannel(`unix://${path}`)
  expect(await far.unary(method('Say'), { text: 'hello' })).toEqual({ text: 'hello' })
  far.close()
  await other.close()
  expect(await readdir(deep)).toEqual([])
  await expect(far.unary(method('Say'), { text: 'hello' })).rejects.toThrow('ENOENT')
  far.close()
  const named = `${deep}/${'y'.repeat(100)}`
  const tooLong = `name of socket "${named}" is longer than a path of 107 bytes has room for`
  await expect(serve(named, [])).rejects.toThrow(tooLong)
  const nowhere = new GrpcChannel(`unix://${named}`)
  await expect(nowhere.unary(method('Say'), { text: 'hello' })).rejects.toThrow(tooLong)
  nowhere.close()
})
