import { array, assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import { shutdownGrace, shutdownGroups, shutdownPeriods } from './groups.ts'

const critical = 2_000_000_000
const pod = (name: string, priority?: number, grace?: number): Pod => ({
  metadata: { name },
  spec: {
    containers: [],
    ...(priority === undefined ? {} : { priority }),
    ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
  },
})
const settings = (whole: number, ofCritical: number) => ({
  shutdownGracePeriod: whole,
  shutdownGracePeriodCriticalPods: ofCritical,
  shutdownGracePeriodByPodPriority: [],
})
const period = (priority: number, shutdownGracePeriodSeconds: number) => ({ priority, shutdownGracePeriodSeconds })

test('shutdownPeriods() leaves critical pods their part of the whole, and is empty when nobody gets time', () => {
  expect(shutdownPeriods(settings(30_000, 10_000))).toEqual([period(0, 20), period(critical, 10)])
  expect(shutdownPeriods(settings(0, 0))).toEqual([])
  expect(shutdownPeriods(settings(10_000, 30_000))).toEqual([])
})

test('shutdownPeriods() takes periods by priority before the two others, the lowest first', () => {
  const byPriority = [period(1000, 5), period(-10, 1), period(100_000, 9)]
  const config = { ...settings(30_000, 10_000), shutdownGracePeriodByPodPriority: byPriority }
  expect(shutdownPeriods(config)).toEqual([period(-10, 1), period(1000, 5), period(100_000, 9)])
})

test('shutdownGroups() puts pods with the period at or below their priority, and leaves empty groups out', () => {
  const periods = [period(0, 3), period(100, 2), period(1000, 1)]
  const pods = [pod('a', -5), pod('b'), pod('c', 99), pod('d', 1000), pod('e', critical)]
  const names = shutdownGroups(periods, pods).map((group) => [
    group.priority,
    group.pods.map(({ metadata }) => metadata.name),
  ])
  expect(names).toEqual([
    [0, ['a', 'b', 'c']],
    [1000, ['d', 'e']],
  ])
})

test('shutdownGroups() has every pod once, and none before one that matters less', () => {
  assert(
    property(array(integer(), { minLength: 1 }), array(integer()), (levels, priorities) => {
      const periods = shutdownPeriods({
        ...settings(0, 0),
        shutdownGracePeriodByPodPriority: [...new Set(levels)].map((level) => period(level, 1)),
      })
      const groups = shutdownGroups(
        periods,
        priorities.map((priority, index) => pod(String(index), priority)),
      )
      const order = groups.flatMap(({ pods }) => [pods.map(({ spec }) => spec.priority ?? 0)])
      expect(order.flat().sort((a, b) => a - b)).toEqual([...priorities].sort((a, b) => a - b))
      for (const [index, group] of order.entries()) {
        const next = order[index + 1]
        if (next) expect(Math.max(...group)).toBeLessThan(Math.min(...next))
      }
    }),
  )
})

test('shutdownGrace() is the shorter of what the pod and its group have', () => {
  expect(shutdownGrace(pod('a', 0, 30), period(0, 5))).toBe(5)
  expect(shutdownGrace(pod('a', 0, 2), period(0, 5))).toBe(2)
  expect(shutdownGrace(pod('a'), period(0, 5))).toBe(5)
})
