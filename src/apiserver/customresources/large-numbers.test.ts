import { expect, test } from 'vitest'
import type { OutgoingEvent } from '#client'
import { startCustomServer } from './testing.ts'

const path = '/apis/example.com/v1/things'
const large = '9007199254740993'

test('integers beyond what floating-point numbers hold are answered, listed, watched and printed as they are', async () => {
  await using server = await startCustomServer()
  await server.define({
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'things', kind: 'Thing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  })
  const { handle } = server.server
  const answer = async (method: string, query = '', body = '', name = ''): Promise<string> => {
    const bytes = new TextEncoder().encode(body)
    const response = await handle({
      method,
      path: path + name,
      query,
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      user: { name: 'admin', groups: ['system:masters'] },
      signal: new AbortController().signal,
      ...(body === '' ? {} : { body: { kind: 'bytes', read: async () => bytes, stream: async function* () {} } }),
    })
    if (response.kind === 'object') return new TextDecoder().decode(response.encode().bytes)
    if (response.kind !== 'watch') throw new Error(`unexpected ${response.kind}`)
    const events: OutgoingEvent[] = []
    response.start({ event: (event) => events.push(event), end: () => undefined })()
    return events.map((event) => new TextDecoder().decode(event.encode())).join('')
  }
  const object = `{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"count":${large}}`
  expect(await answer('POST', '', object)).toContain(`"count":${large}`)
  expect(await answer('PATCH', '', `{"other":-${large}}`, '/a')).toContain(`"other":-${large}`)
  expect(await answer('GET', '', '', '/a')).toContain(`"count":${large}`)
  expect(await answer('GET', 'pretty=true', '', '/a')).toContain(`\n  "count": ${large},\n`)
  expect(await answer('GET')).toContain(`"other":-${large}`)
  expect(await answer('GET', 'watch=true')).toContain(`"count":${large}`)
})
