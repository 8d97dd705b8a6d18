import { expect, test } from 'vitest'
import type { ApiRequest } from '#client'
import { wantedUser } from './headers.ts'

/** A request whose headers may come several times each. */
function requestWith(values: { readonly [header: string]: readonly string[] }): ApiRequest {
  return {
    method: 'GET',
    path: '/',
    query: '',
    headers: Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.join(', ')])),
    headerValues: (name) => values[name] ?? [],
    signal: new AbortController().signal,
  }
}

test('of a name or a UID that is sent twice the first counts, and of groups and extras all do', () => {
  expect(
    wantedUser(
      requestWith({
        'impersonate-user': ['bob', 'eve'],
        'impersonate-uid': ['1', '2'],
        'impersonate-group': ['a, b', 'c'],
        'impersonate-extra-acme.com%2fproject': ['x', 'y'],
      }),
    ),
  ).toEqual({ name: 'bob', uid: '1', groups: ['a, b', 'c'], extra: { 'acme.com/project': ['x', 'y'] } })
})

test('a name with a comma is one name, also where headers are not told apart', () => {
  const { method, path, query, signal } = requestWith({})
  const headers = { 'impersonate-user': 'Doe, Jane' }
  expect(wantedUser({ method, path, query, signal, headers })?.name).toBe('Doe, Jane')
  expect(wantedUser(requestWith({ accept: ['a'] }))).toBeUndefined()
})
