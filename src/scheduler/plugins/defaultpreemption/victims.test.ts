import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ResourceIds } from '../../cache/amounts.ts'
import { PodShapes } from '../../cache/pod-info.ts'
import { makePod } from '../../testing/cluster.ts'
import { bestVictims } from './victims.ts'
import type { Victims } from './victims.ts'

const now = Date.parse('2026-01-01T01:00:00Z')
const shapes = new PodShapes(new ResourceIds())

const victim = fc.record({
  priority: fc.integer({ min: -2, max: 2 }),
  minute: fc.option(fc.integer({ min: 0, max: 3 })),
})
const candidate = fc
  .record({ violations: fc.nat(1), pods: fc.array(victim, { minLength: 1, maxLength: 3 }) })
  .map(({ violations, pods }) => ({
    violations,
    pods: pods.toSorted((a, b) => b.priority - a.priority),
  }))

interface Plain {
  readonly violations: number
  readonly pods: readonly { readonly priority: number; readonly minute: number | null }[]
}

const startOf = (minute: number | null): number => (minute === null ? now : Date.parse(`2026-01-01T00:0${minute}:00Z`))

/** The rules one after the other, each over all that are left. */
function leftOf(candidates: readonly Plain[]): readonly number[] {
  const rules: readonly ((plain: Plain) => number)[] = [
    ({ violations }) => violations,
    ({ pods }) => pods[0]?.priority ?? 0,
    ({ pods }) => pods.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
    ({ pods }) => pods.length,
    ({ pods }) =>
      -Math.min(...pods.filter((each) => each.priority === pods[0]?.priority).map((each) => startOf(each.minute))),
  ]
  let left = candidates.map((_, i) => i)
  for (const rule of rules) {
    const least = Math.min(...left.map((i) => rule(candidates[i]!)))
    left = left.filter((i) => rule(candidates[i]!) === least)
  }
  return left
}

test('of several nodes the one is taken that the rules leave, the first of equals', () => {
  fc.assert(
    fc.property(fc.array(candidate, { minLength: 1, maxLength: 6 }), (candidates) => {
      const victims = candidates.map(({ violations, pods }, i): Victims => ({
        node: `node-${i}`,
        violations,
        pods: pods.map(({ priority, minute }, at) => {
          const pod = makePod(`pod-${i}-${at}`, { priority })
          const status =
            minute === null ? {} : { startTime: new Date(startOf(minute)).toISOString().replace('.000', '') }
          return shapes.infoOf({ ...pod, status })
        }),
      }))
      expect(bestVictims(victims, now)?.node).toBe(`node-${leftOf(candidates)[0]}`)
    }),
  )
})
