import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { echo, startServer, text } from './server.ts'

const host = 'Host: localhost\r\n'
const post = (fields: string, body: string): string => `POST / HTTP/1.1\r\n${host}${fields}\r\n${body}`

/** Requests that say something in two ways, or nothing that can be read; and how they are refused. */
const refused: readonly (readonly [what: string, request: string, answer: RegExp])[] = [
  ['two lengths', post('Content-Length: 1\r\nContent-Length: 2\r\n', 'ab'), /^HTTP\/1\.1 400 Bad Request\r\n/],
  ['a length that is a list', post('Content-Length: 1, 1\r\n', 'a'), /^HTTP\/1\.1 400 /],
  ['a length with a sign', post('Content-Length: +1\r\n', 'a'), /^HTTP\/1\.1 400 /],
  ['a length beyond all numbers', post(`Content-Length: ${'9'.repeat(30)}\r\n`, 'a'), /^HTTP\/1\.1 400 /],
  ['a length and chunks', post('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), /^HTTP\/1\.1 400 /],
  ['another coding', post('Transfer-Encoding: gzip, chunked\r\n', ''), /^HTTP\/1\.1 501 Not Implemented: Unsupported /],
  ['a coding that only looks like chunks', post('Transfer-Encoding: xchunked\r\n', ''), /^HTTP\/1\.1 501 /],
  ['chunks twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', ''), /^HTTP\/1\.1 501 /],
  ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'a blank before the colon',
    `GET / HTTP/1.1\r\n${host}Content-Length : 1\r\n\r\n`,
    /400 Bad Request: invalid header name/,
  ],
  [
    'a line that goes on another',
    `GET / HTTP/1.1\r\n${host}A: b\r\n c\r\n\r\n`,
    /400 Bad Request: invalid header name/,
  ],
  ['a lone line feed', `GET / HTTP/1.1\r\n${host}A: b\nC: d\r\n\r\n`, /400 Bad Request: invalid header value/],
  ['a lone carriage return', `GET / HTTP/1.1\r\n${host}A: b\rC: d\r\n\r\n`, /400 Bad Request: invalid header value/],
  ['a NUL', `GET / HTTP/1.1\r\n${host}A: \0\r\n\r\n`, /400 Bad Request: invalid header value/],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', /400 Bad Request: missing required Host header/],
  ['two Hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`, /400 Bad Request: too many Host headers/],
  ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', /400 Bad Request: malformed Host header/],
  ['a version to come', `GET / HTTP/3.0\r\n${host}\r\n`, /^HTTP\/1\.1 505 HTTP Version Not Supported: unsupported /],
  ['no version', 'GET /\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['blanks in the target', `GET /a b HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400 /],
  ['a target that is no path', `GET a HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400 /],
  ['a target with half an escape', `GET /%4 HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400 /],
  ['a method that is no word', `G(T / HTTP/1.1\r\n${host}\r\n`, /^HTTP\/1\.1 400 /],
  ['an expectation nobody meets', post('Expect: miracles\r\n', ''), /^HTTP\/1\.1 417 Expectation Failed\r\n/],
  ['a chunk without a size', post('Transfer-Encoding: chunked\r\n', 'x\r\n'), /^HTTP\/1\.1 400 /],
  [
    'a chunk size beyond all numbers',
    post('Transfer-Encoding: chunked\r\n', `${'f'.repeat(20)}\r\n`),
    /^HTTP\/1\.1 400 /,
  ],
  [
    'a chunk that is longer than it says',
    post('Transfer-Encoding: chunked\r\n', '1\r\nab\r\n0\r\n\r\n'),
    /^HTTP\/1\.1 400 /,
  ],
  ['a chunk that ends with a line feed', post('Transfer-Encoding: chunked\r\n', '1\na\n0\n\n'), /^HTTP\/1\.1 400 /],
  ['a trailer that is none', post('Transfer-Encoding: chunked\r\n', '0\r\nx\r\n\r\n'), /^HTTP\/1\.1 400 /],
  ['endless chunk extensions', post('Transfer-Encoding: chunked\r\n', `1;${'x'.repeat(5000)}`), /^HTTP\/1\.1 400 /],
  ['what is no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
]

describe('A request', () => {
  test.each(refused)('with %s is refused, and nothing behind it is read', async (_, request, answer) => {
    let others = 0
    await using server = await startServer((asked) => {
      if (asked.path === '/next') others++
      return echo(asked)
    })
    await using client = await server.connect()
    client.write(`${request}GET /next HTTP/1.1\r\n${host}\r\n`)
    expect(await client.ended()).toMatch(answer)
    expect(others).toBe(0)
  })

  test('whose head has no end is refused once it is too large', async () => {
    await using server = await startServer(echo)
    await using client = await server.connect()
    client.write(`GET / HTTP/1.1\r\n${host}A: ${'a'.repeat(900_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(client.received).toBe('')
    client.write('a'.repeat(200_000))
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
  })

  test('with any method reaches the handler', async () => {
    await using server = await startServer(echo)
    await using client = await server.connect()
    client.write(`FETCH / HTTP/1.1\r\n${host}\r\n`)
    expect(await client.until(']\n')).toContain('FETCH /? []')
  })

  test('that never ends holds up nobody', async () => {
    await using server = await startServer(echo)
    const slow = await Promise.all(Array.from({ length: 20 }, () => server.connect()))
    for (const client of slow) client.write(`POST / HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nabc`)
    await using client = await server.connect()
    client.write(`GET /quick HTTP/1.1\r\n${host}\r\n`)
    expect(await client.until(']\n')).toContain('GET /quick')
    for (const other of slow) other.socket.destroy()
  })

  test('is not read on while nobody wants its body', async () => {
    let release: (() => void) | undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    await using server = await startServer(async () => {
      await released
      return text('late')
    })
    await using client = await server.connect()
    client.write(`POST / HTTP/1.1\r\n${host}Content-Length: 100000000\r\n\r\n`)
    let taken = 0
    const piece = Buffer.alloc(256 * 1024)
    const send = (): void => {
      while (taken < 100_000_000 && client.socket.write(piece)) taken += piece.length
      client.socket.once('drain', send)
    }
    send()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(taken).toBeLessThan(40_000_000)
    release?.()
    expect(await client.until('late')).toContain('Connection: close')
  })
})

describe('Whatever comes', () => {
  test('requests are read the same however their bytes are cut', async () => {
    await using server = await startServer(echo)
    const body = fc.string({ maxLength: 40, unit: fc.constantFrom('a', '\r', '\n', '0', ' ') })
    const request = fc.record({ body, chunked: fc.boolean(), cut: fc.integer({ min: 1, max: 9 }) })
    const requests = fc.array(request, { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(requests, fc.array(fc.nat(200), { maxLength: 12 }), async (all, cuts) => {
        await using client = await server.connect()
        const bytes = `${all.map(textOf).join('')}GET /end HTTP/1.1\r\n${host}Connection: close\r\n\r\n`
        let at = 0
        for (const cut of cuts) {
          if (cut > 0) client.write(bytes.slice(at, at + cut))
          at += cut
          await new Promise((resolve) => setImmediate(resolve))
        }
        client.write(bytes.slice(at))
        const answers = (await client.ended()).split('HTTP/1.1 200 OK').slice(1)
        const seen = answers.map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4))
        expect(seen).toEqual([...all.map(({ body }) => `POST /? [${body}]\n`), 'GET /end? []\n'])
      }),
      { numRuns: 60 },
    )
  })

  test('garbage gets a refusal or nothing, and the server goes on', async () => {
    await using server = await startServer(echo)
    const word = fc.constantFrom(
      'GET ',
      '/ ',
      'HTTP/1.1',
      '\r\n',
      '\n',
      'Host: a\r\n',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      '\r\n\r\n',
      '0\r\n',
      'abc',
      ':',
      '\0',
      'POST / HTTP/1.1\r\n',
      'Expect: 100-continue\r\n',
      'Connection: Upgrade\r\n',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 30 }), async (words) => {
        await using client = await server.connect()
        client.write(words.join(''))
        client.socket.end()
        const answer = await client.ended()
        expect(answer === '' || /^HTTP\/1\.1 (?:100|200|400|417|501|505) /.test(answer)).toBe(true)
      }),
      { numRuns: 150 },
    )
    await using client = await server.connect()
    client.write(`GET /still HTTP/1.1\r\n${host}\r\n`)
    expect(await client.until(']\n')).toContain('GET /still')
  })
})

function textOf({ body, chunked, cut }: { body: string; chunked: boolean; cut: number }): string {
  if (!chunked) return post(`Content-Length: ${body.length}\r\n`, body)
  let chunks = ''
  for (let at = 0; at < body.length; at += cut) {
    const piece = body.slice(at, at + cut)
    chunks += `${piece.length.toString(16)}\r\n${piece}\r\n`
  }
  return post('Transfer-Encoding: chunked\r\n', `${chunks}0\r\n\r\n`)
}
