import { expect, test } from 'vitest'
import type { ApiRequest, RequestBody } from '#client'
import { visibleRequests } from './private-headers.ts'

/** A request whose parts are accessors, as those of the wire are. */
class WireRequest implements ApiRequest {
  readonly method = 'POST'
  readonly path = '/api/v1/namespaces'
  readonly query = 'pretty=1'
  readonly #object = { kind: 'Namespace' }
  readonly #signal = new AbortController().signal

  get headers(): { readonly [name: string]: string } {
    return { authorization: 'Bearer t', accept: 'a, b' }
  }

  headerValues(name: string): readonly string[] {
    return name === 'accept' ? ['a', 'b'] : ['Bearer t']
  }

  get body(): RequestBody {
    return { kind: 'object', object: this.#object }
  }

  get signal(): AbortSignal {
    return this.#signal
  }
}

test('Requests keep their parts that are accessors, and lose headers that are private', () => {
  const request = new WireRequest()
  const other = visibleRequests(undefined)(request)
  expect(other.body).toEqual({ kind: 'object', object: { kind: 'Namespace' } })
  expect(other.signal).toBe(request.signal)
  expect([other.method, other.path, other.query]).toEqual(['POST', '/api/v1/namespaces', 'pretty=1'])
  expect(other.headers).toEqual({ accept: 'a, b' })
  expect(other.headerValues?.('accept')).toEqual(['a', 'b'])
  expect(other.headerValues?.('authorization')).toEqual([])
})
