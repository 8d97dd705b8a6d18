import { expect, test } from 'vitest'
import { admin, startTestServer } from './server.ts'
import type { TestServer } from './server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const initialEvents = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan'

interface Watched {
  readonly events: { readonly type: string; readonly object: { readonly [field: string]: unknown } }[]
  ended: boolean
}

async function watch({ server }: TestServer, query: string, path = maps): Promise<Watched> {
  const response = await server.handle({
    method: 'GET',
    path,
    query: `watch=1&${query}`,
    headers: { 'user-agent': 'test/1.0' },
    user: admin,
    signal: new AbortController().signal,
  })
  if (response.kind !== 'watch') throw new Error(`a watch was expected, not: ${response.kind}`)
  const watched: Watched = { events: [], ended: false }
  response.start({
    event: (event) => void watched.events.push(JSON.parse(new TextDecoder().decode(event.encode())) as never),
    end: () => void (watched.ended = true),
  })
  return watched
}

const typesOf = ({ events }: Watched): string[] => events.map(({ type }) => type)

test('a watch of no seconds lasts as long as one that does not say, one of fewer tells nothing', async () => {
  await using server = await startTestServer()
  await server.request('POST', maps, { metadata: { name: 'a' } })
  const endless = await watch(server, 'timeoutSeconds=0')
  const over = await watch(server, 'timeoutSeconds=-1')
  await server.clock.advance(60_000)
  expect([typesOf(endless), endless.ended]).toEqual([['ADDED'], false])
  expect([typesOf(over), over.ended]).toEqual([[], true])
})

test('the last bookmark of a watch comes two seconds before its end, and none to who has no more than that', async () => {
  await using server = await startTestServer()
  const { body } = await server.request('POST', maps, { metadata: { name: 'a' } })
  const { resourceVersion } = (body as { readonly metadata: { readonly resourceVersion: string } }).metadata
  const query = `allowWatchBookmarks=true&resourceVersion=${resourceVersion}`
  const brief = await watch(server, `timeoutSeconds=2&${query}`)
  const longer = await watch(server, `timeoutSeconds=5&${query}`)
  await server.clock.advance(2999)
  expect([typesOf(brief), brief.ended]).toEqual([[], true])
  expect(typesOf(longer)).toEqual([])
  await server.clock.advance(1)
  expect([typesOf(longer), longer.ended]).toEqual([['BOOKMARK'], false])
  await server.clock.advance(2000)
  expect([typesOf(longer), longer.ended]).toEqual([['BOOKMARK'], true])
})

test.each([maps, '/api/v1/namespaces/default/events'])(
  'who wants all of %s as of a revision that is still to come is told within the stream',
  async (path) => {
    await using server = await startTestServer()
    const refused = await watch(server, `resourceVersion=900000000&${initialEvents}`, path)
    expect(refused.events).toMatchObject([
      { type: 'ERROR', object: { kind: 'Status', code: 504, details: { retryAfterSeconds: 1 } } },
    ])
    expect(refused.ended).toBe(true)
  },
)

test.each(['0', '00'])('a watch from %s, however zero is written, begins with what there is', async (zero) => {
  await using server = await startTestServer()
  await server.request('POST', maps, { metadata: { name: 'a' } })
  const watched = await watch(server, `resourceVersion=${zero}&fieldSelector=metadata.name=a`)
  expect(typesOf(watched)).toEqual(['ADDED'])
})

test('revisions are numbers of 64 bits, whatever a server may ever reach', async () => {
  await using server = await startTestServer()
  const ask = async (path: string): Promise<unknown> => {
    const { code, headers, body } = await server.request('GET', path)
    return [code, headers['retry-after'], (body as { readonly message: string }).message.replace(/current: \d+/, '')]
  }
  const largest = '18446744073709551615'
  const tooLarge = `Timeout: Too large resource version: ${largest}, `
  const over = '18446744073709551616'
  const outOfRange = `resourceVersion: Invalid value: "${over}": strconv.ParseUint: parsing "${over}": value out of range`
  expect(await ask(`${maps}?resourceVersion=${largest}`)).toEqual([504, '1', tooLarge])
  expect(await ask(`${maps}/a?resourceVersion=${largest}`)).toEqual([504, '1', tooLarge])
  expect(await ask(`${maps}?resourceVersion=${over}`)).toEqual([
    400,
    undefined,
    `invalid resource version: ${outOfRange}`,
  ])
  expect(await ask(`${maps}/a?resourceVersion=${over}`)).toEqual([500, undefined, outOfRange])
  for (const query of ['limit=1', 'resourceVersionMatch=Exact'])
    expect(await ask(`${maps}?resourceVersion=9223372036854775807&${query}`)).toEqual([
      504,
      undefined,
      'Timeout: Too large resource version: 9223372036854775807, ',
    ])
  expect((await server.request('GET', `${maps}?resourceVersion=00&resourceVersionMatch=Exact`)).code).toBe(200)
})

test('of events nothing is kept to answer from: who asks for what is to come is not told when, or what a version is', async () => {
  await using server = await startTestServer()
  const events = '/apis/events.k8s.io/v1/namespaces/default/events'
  for (const path of [`${events}?resourceVersion=900000000`, `${events}/a?resourceVersion=900000000`]) {
    const { code, headers, body } = await server.request('GET', path)
    expect([code, headers['retry-after']]).toEqual([504, undefined])
    expect((body as { readonly details: unknown }).details).toEqual({
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    })
  }
  expect((await server.request('GET', `${events}/a?resourceVersion=x`)).body).toMatchObject({
    code: 400,
    message:
      'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
  })
})
