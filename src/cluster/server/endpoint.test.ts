import { expect, test } from 'vitest'
import { endpointOf } from './endpoint.ts'

test.each([
  ['api.example.com', { host: 'api.example.com' }],
  ['API.example.com:443', { host: 'api.example.com', port: 443 }],
  ['192.0.2.7:8443', { host: '192.0.2.7', port: 8443 }],
  ['[2001:db8::1]:6443', { host: '2001:db8::1', port: 6443 }],
  ['[2001:db8::1]', { host: '2001:db8::1' }],
  ['2001:db8::1', { host: '2001:db8::1' }],
  ['', undefined],
  [undefined, undefined],
])('an endpoint %s is read', (text, read) => {
  expect(endpointOf(text === undefined ? {} : { controlPlaneEndpoint: text })).toEqual(read)
})

test.each(['https://api.example.com', 'api:0', 'api:70000', 'api:port', 'a b', ':6443'])(
  'an endpoint %s is refused',
  (text) => {
    expect(() => endpointOf({ controlPlaneEndpoint: text })).toThrow('is no HOST or HOST:PORT')
  },
)
