import { assert, array, integer, property } from 'fast-check'
import { VirtualClock } from '#base'
import { expect, test } from 'vitest'
import { PortSet } from './port-set.ts'

const range = { first: 30_000, last: 30_100 }
const port = integer({ min: range.first, max: range.last })

test('a set reads back what it wrote, whichever ports are taken', () => {
  assert(
    property(array(port), (ports) => {
      const set = new PortSet(range)
      for (const one of ports) if (!set.has(one)) set.take(one)
      const read = PortSet.read(range, set.stored())
      for (let one = range.first; one <= range.last; one++) expect(read.has(one)).toBe(ports.includes(one))
      expect(read.stored()).toBe(set.stored())
    }),
  )
})

test('the stored form is a number whose lowest bit is the first port', () => {
  const set = new PortSet(range)
  expect(set.stored()).toBe('')
  set.take(30_000)
  set.take(30_009)
  expect(set.stored()).toBe('AgE=')
})

test('takeAny() leaves the first ports for those that are asked for, until there are no others', () => {
  const set = new PortSet(range)
  const clock = new VirtualClock()
  const taken = Array.from({ length: 101 }, () => set.takeAny(clock))
  expect(new Set(taken).size).toBe(101)
  expect(Math.min(...taken.slice(0, 85))).toBe(30_016)
  expect(() => set.takeAny(clock)).toThrow('range is full')
  set.release(30_003)
  expect(set.takeAny(clock)).toBe(30_003)
})

test('take() says why a port can’t be had', () => {
  const set = new PortSet(range)
  set.take(30_001)
  expect(() => set.take(30_001)).toThrow('provided port is already allocated')
  expect(() => set.take(29_999)).toThrow('The range of valid ports is 30000-30100')
  set.release(5)
  expect(set.has(5)).toBe(false)
})
