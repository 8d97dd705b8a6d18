import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { everything, prefixRange } from '../store.ts'
import type { KeyRange, Store } from '../store.ts'
import type { StoreContract, StoreFixture } from './fixture.ts'
import { bytes, Recorder, show, showEvent } from './fixture.ts'
import { Model } from './model.ts'

const keys = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/a0', '/b', '/b/a', '/c/x', '/c/y']

const ranges: readonly KeyRange[] = [
  everything,
  prefixRange('/a/'),
  prefixRange('/c/'),
  { start: '/a', end: '/a\0' },
  { start: '/a/b', end: '/b/b' },
  { start: '/b', end: '/b' },
]

interface Write {
  readonly key: string
  readonly deletes: boolean
  /** Added to the revision that the key has: other than 0, the write meets another state than it expects. */
  readonly off: number
}

type Step =
  /** Writes that do not wait for each other. */
  | { readonly do: 'write'; readonly writes: readonly Write[] }
  | { readonly do: 'list'; readonly range: KeyRange; readonly at: number; readonly limit: number }
  | { readonly do: 'watch'; readonly range: KeyRange; readonly at: number }
  | { readonly do: 'compact'; readonly range: KeyRange; readonly at: number }
  | { readonly do: 'reopen' }

/** A revision as a share of the newest; a little beyond 1 lies in the future. */
const share = fc.integer({ min: 0, max: 105 }).map((percent) => percent / 100)
const range = fc.constantFrom(...ranges)
const write = fc.record({
  key: fc.constantFrom(...keys),
  deletes: fc.boolean(),
  off: fc.constantFrom(0, 0, 0, 0, 0, -1, 1),
})

function stepsOf(contract: StoreContract): fc.Arbitrary<Step[]> {
  const compacted = contract.compactsRanges ? range : fc.constant(everything)
  const reads: fc.Arbitrary<Step>[] = [
    fc.record({ do: fc.constant('list' as const), range, at: share, limit: fc.integer({ min: 0, max: 6 }) }),
    fc.record({ do: fc.constant('watch' as const), range, at: share }),
  ]
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant('write' as const), writes: fc.array(write, { maxLength: 6 }) }),
    },
    ...reads.map((arbitrary) => ({ weight: 3, arbitrary })),
    { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), range: compacted, at: share }) },
    ...(contract.durable ? [{ weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) }] : []),
  )
  return fc.array(step, { maxLength: 40, size: 'max' })
}

export function describeProperties(open: () => Promise<StoreFixture>, contract: StoreContract): void {
  test(
    'any course of writes, reads, watches, compactions and restarts goes as in the model',
    async () => {
      await fc.assert(
        fc.asyncProperty(stepsOf(contract), async (steps) => {
          const fixture = await open()
          try {
            await run(fixture, steps, contract.sharesCommits)
          } finally {
            await fixture.dispose()
          }
        }),
        { numRuns: contract.propertyRuns, timeout: 10_000 },
      )
    },
    60_000 + contract.propertyRuns * 1_000,
  )
}

async function run(fixture: StoreFixture, steps: readonly Step[], sharesCommits: boolean): Promise<void> {
  const model = new Model()
  let store = fixture.store
  let witness = new Recorder(store, 1)
  const witnessed: string[] = []
  let count = 0
  const stopWitness = async (): Promise<void> => {
    if (model.history.length > witnessed.length) await witness.reached(model.revision)
    witnessed.push(...(await witness.stop()).map(showEvent))
  }
  for (const step of steps) {
    switch (step.do) {
      case 'write': {
        const outcomes: Promise<string>[] = []
        const expected = []
        for (const { key, deletes, off } of step.writes) {
          const at = model.modRevision(key) + off
          const text = `v${++count}`
          expected.push(model.write(key, deletes ? undefined : text, at))
          const outcome = deletes ? removed(store, key, at) : written(store, key, text, at)
          if (!sharesCommits) await outcome
          outcomes.push(outcome)
        }
        expect(await Promise.all(outcomes)).toEqual(expected)
        break
      }
      case 'list': {
        const revision = Math.round(step.at * model.revision)
        expect(await list(store, step.range, revision, step.limit)).toEqual(
          model.list(step.range, revision, step.limit),
        )
        break
      }
      case 'watch': {
        const after = Math.round(step.at * model.revision)
        const expected = model.events(step.range, after)
        expect(await watched(store, step.range, after, expected.length)).toEqual(expected)
        break
      }
      case 'compact': {
        const revision = Math.round(step.at * model.revision)
        const outcome = await words(store.compact(revision, step.range).then(() => 'compacted'))
        expect(outcome).toEqual(model.compact(step.range, revision))
        expect(store.compactedRevision).toBe(model.compactedRevision)
        break
      }
      case 'reopen': {
        await stopWitness()
        store = await fixture.reopen()
        expect(store.snapshot().revision).toBe(model.revision)
        witness = new Recorder(store, model.revision)
        break
      }
    }
    expect([...store.snapshot().entries(everything), undefined].map(show).slice(0, -1)).toEqual(
      model.list(everything, model.revision, Infinity).slice(0, -1),
    )
  }
  await stopWitness()
  expect(witnessed).toEqual(model.history)
}

async function written(store: Store, key: string, text: string, expected: number): Promise<string> {
  const result = await store.put(key, bytes(text), { expected })
  return result.committed ? `wrote ${show(result.entry)}` : `met ${show(result.current)}`
}

async function removed(store: Store, key: string, expected: number): Promise<string> {
  const result = await store.delete(key, expected)
  return result.committed ? `deleted ${show(result.entry)} at ${result.revision}` : `met ${show(result.current)}`
}

async function list(store: Store, range: KeyRange, revision: number, limit: number): Promise<string[]> {
  try {
    const { entries, remaining } = await store.list(range, { revision, limit })
    return [...entries.map((entry) => show(entry)!), `and ${remaining} more`]
  } catch (error) {
    return [(error as Error).message]
  }
}

/** The events of a watch up to now, or its error. */
async function watched(store: Store, range: KeyRange, after: number, count: number): Promise<string[]> {
  if (count === 0) return []
  const controller = new AbortController()
  const seen: string[] = []
  try {
    for await (const batch of store.watch(range, { after, signal: controller.signal })) {
      seen.push(...batch.events.map(showEvent))
      if (seen.length >= count) break
    }
  } catch (error) {
    seen.push((error as Error).message)
  }
  return seen
}

async function words(promise: Promise<string>): Promise<string> {
  try {
    return await promise
  } catch (error) {
    return (error as Error).message
  }
}
