import { describe, expect, test } from 'vitest'
import { UserError } from '../user-error.ts'
import { explainListen } from './listening.ts'

const flags = { port: '--port', address: '--bind-address' }
const at = { host: '1.2.3.4', port: 443 }

describe('explainListen()', () => {
  test.each([
    ['EADDRINUSE', 'port 443 of 1.2.3.4 is taken: choose another with --port'],
    ['EADDRNOTAVAIL', '1.2.3.4 is no address of this machine: name one that is with --bind-address'],
    ['EACCES', 'port 443 is for root alone: start as root (sudo), or choose one above 1023 with --port'],
  ])('tells what to do about %s', (code, message) => {
    const cause = Object.assign(new Error('listen'), { code })
    const told = explainListen(cause, at, flags)
    expect(told).toBeInstanceOf(UserError)
    expect(told).toMatchObject({ message, cause })
  })

  test('leaves alone what is not known', () => {
    const error = new Error('odd')
    expect(explainListen(error, at, flags)).toBe(error)
  })
})
