import { describe, expect, test } from 'vitest'
import { decodePem, encodePem } from './pem.ts'

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i)

describe('PEM', () => {
  test('encodePem() breaks lines at 64 characters and decodePem() reads them back', () => {
    const text = encodePem('CERTIFICATE', bytes)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(64)
    expect(decodePem(text)).toEqual([{ type: 'CERTIFICATE', headers: {}, bytes }])
  })

  test('decodePem() finds all blocks, with Windows line ends and text between them', () => {
    const text = `junk\n${encodePem('A', bytes)}more\n${encodePem('B B', bytes).replaceAll('\n', '\r\n')}end`
    expect(decodePem(text).map(({ type }) => type)).toEqual(['A', 'B B'])
    expect(decodePem(text)[1]?.bytes).toEqual(bytes)
  })

  test('decodePem() reads headers', () => {
    const text = encodePem('A', bytes).replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nx: y\n\n')
    expect(decodePem(text)[0]?.headers).toEqual({ 'Proc-Type': '4,ENCRYPTED', x: 'y' })
    expect(decodePem(text)[0]?.bytes).toEqual(bytes)
  })

  test('decodePem() passes over what is no block', () => {
    const whole = encodePem('A', bytes)
    expect(decodePem(whole.replace('END A', 'END B'))).toEqual([])
    expect(decodePem(whole.slice(0, -30))).toEqual([])
    expect(decodePem(whole.replace('AAEC', 'A*EC'))).toEqual([])
    expect(decodePem(`-----BEGIN A-----\nnever ended\n${whole}`)).toHaveLength(1)
  })
})
