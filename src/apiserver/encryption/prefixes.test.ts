import { VirtualClock } from '#base'
import { encodeText } from '#machinery'
import { expect, test } from 'vitest'
import { EncryptionMetrics } from './metrics.ts'
import { Prefixes } from './prefixes.ts'
import { identity } from './providers/identity.ts'
import type { Transformer } from './transformer.ts'

const context = { resource: 'secrets', key: '/registry/secrets/default/one' }

/** Seals nothing, but by its prefix; opens what does not begin with a dash. */
const marking: Transformer = {
  open(sealed) {
    if (sealed[0] === 0x2d) throw new Error('a dash')
    return { plain: sealed, stale: false }
  },
  seal: (plain) => plain,
}

const prefixes = (...rows: readonly (readonly [string, Transformer])[]): Prefixes =>
  new Prefixes(
    rows.map(([prefix, transformer]) => ({ prefix, transformer })),
    'no matching prefix found',
    new EncryptionMetrics(new VirtualClock(), 'here'),
  )

const opened = (way: Prefixes, text: string): readonly [string, boolean] => {
  const { plain, stale } = way.open(encodeText(text), context)
  return [new TextDecoder().decode(plain), stale]
}

test('the first prefix seals, all of them open, and what another than the first opens is stale', () => {
  const way = prefixes(['b:', marking], ['a:', marking])
  expect(new TextDecoder().decode(way.seal(encodeText('x'), context))).toBe('b:x')
  expect(opened(way, 'b:x')).toEqual(['x', false])
  expect(opened(way, 'a:x')).toEqual(['x', true])
  expect(() => opened(way, 'c:x')).toThrow('no matching prefix found')
})

test('a prefix that stands twice is tried twice, and every failure is told', () => {
  const refusing: Transformer = {
    open: () => {
      throw new Error('another key')
    },
    seal: (plain) => plain,
  }
  expect(opened(prefixes(['a:', refusing], ['a:', marking]), 'a:x')).toEqual(['x', true])
  expect(() => opened(prefixes(['a:', refusing], ['a:', marking]), 'a:-')).toThrow('[another key, a dash]')
})

test('what is not sealed stays the very value, and is no sealed one', () => {
  const value = encodeText('{"kind":"Secret"}')
  const way = prefixes(['', identity], ['k8s:enc:a:', marking])
  expect(way.open(value, context).plain).toBe(value)
  expect(way.seal(value, context)).toBe(value)
  expect(opened(way, 'k8s:enc:a:x')).toEqual(['x', true])
})
