import { expect, test } from 'vitest'
import { parseServer } from './server-address.ts'

test.each([
  ['10.0.0.1', { host: '10.0.0.1', port: 53 }],
  ['10.0.0.1:5353', { host: '10.0.0.1', port: 5353 }],
  ['fd00::1', { host: 'fd00::1', port: 53 }],
  ['[fd00::1]', { host: 'fd00::1', port: 53 }],
  ['[fd00::1]:5353', { host: 'fd00::1', port: 5353 }],
  ['example.org', undefined],
  ['10.0.0.1:0', undefined],
  ['10.0.0.1:99999', undefined],
  ['', undefined],
])('parseServer(%s)', (text, address) => {
  expect(parseServer(text)).toEqual(address)
})
