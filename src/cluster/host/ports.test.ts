import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { mountsBelow } from './mounts.ts'
import { findFreePort, isPortFree, listenerAt } from './ports.ts'

describe('ports', () => {
  test('a port that somebody listens at is not free, and who it is can be told', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await isPortFree('127.0.0.1', port)).toBe(false)
    expect(listenerAt(port)?.pid).toBe(process.pid)
    expect(await findFreePort('127.0.0.1', port, 5)).not.toBe(port)
    await new Promise((resolve) => server.close(resolve))
    expect(await isPortFree('127.0.0.1', port)).toBe(true)
    expect(await findFreePort('127.0.0.1', port)).toBe(port)
    expect(listenerAt(port)).toBeUndefined()
  })
})

describe('mountsBelow()', () => {
  test('finds mounts below a folder, the deepest first, whatever their names', () => {
    const line = (path: string): string => `36 35 98:0 / ${path} rw,noatime master:1 - ext3 /dev/root rw`
    const info = ['/', '/a', '/a/b', '/a/b\\040c', '/a/b/c', '/ab'].map(line).join('\n')
    expect(mountsBelow('/a', info)).toEqual(['/a/b/c', '/a/b c', '/a/b'])
  })
})
