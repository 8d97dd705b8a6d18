import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Expiry } from './expiry.ts'
import type { Expiring } from './expiry.ts'

test('take() gives what is due in order of time, and only what is current', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean())), (times) => {
      const all = times.map(([expires, current], i) => ({ key: current ? 'current' : 'old', modRevision: i, expires }))
      const expiry = new Expiry(all.slice(0, 5), ({ key }) => key === 'current')
      for (const expiring of all.slice(5)) expiry.add(expiring)
      const taken: Expiring[] = []
      for (const now of [10, 25, 50]) {
        for (let due = expiry.take(now); due; due = expiry.take(now)) {
          expect(due.expires).toBeLessThanOrEqual(now)
          taken.push(due)
        }
        expect(expiry.next ?? Infinity).toBeGreaterThan(now)
      }
      expect(taken.map((due) => due.expires)).toEqual(taken.map((due) => due.expires).sort((a, b) => a - b))
      expect(new Set(taken)).toEqual(new Set(all.filter(({ key }) => key === 'current')))
    }),
  )
})

test('Expiry does not grow with keys that are written again and again', () => {
  let newest = 0
  const expiry = new Expiry([], ({ modRevision }) => modRevision > newest - 10)
  for (let i = 0; i < 100_000; i++) {
    newest = i
    expiry.add({ key: `/k/${i % 10}`, modRevision: i, expires: i + 1_000_000 })
  }
  expect(expiry.size).toBeLessThan(3_000)
  const left: number[] = []
  for (let due = expiry.take(Infinity); due; due = expiry.take(Infinity)) left.push(due.modRevision)
  expect(left).toEqual(Array.from({ length: 10 }, (_, i) => 99_990 + i))
})

test('add() looks at a few keys, however many there are', () => {
  let looked = 0
  const expiry = new Expiry([], ({ modRevision }) => {
    looked++
    return modRevision % 3 > 0
  })
  let most = 0
  for (let i = 0; i < 10_000; i++) {
    looked = 0
    expiry.add({ key: `/k/${i}`, modRevision: i, expires: (i * 7919) % 10_007 })
    most = Math.max(most, looked)
  }
  expect(most).toBe(2)
  const left: number[] = []
  for (let due = expiry.take(Infinity); due; due = expiry.take(Infinity)) left.push(due.expires)
  expect(left.length).toBe(6_666)
  expect(left).toEqual(left.toSorted((a, b) => a - b))
})
