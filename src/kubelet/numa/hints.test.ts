import { expect, test } from 'vitest'
import { deviceHints } from '../devices/hints.ts'
import { byAffinity, choose } from '../devices/choose.ts'
import { mergeHints, type Hint, type Hints, type TopologyPolicy } from './hints.ts'
import { maskOf, masksOf, nodesOf } from './mask.ts'

const near = { id: 0, distances: [10, 12, 20, 20] }
const nodes = [
  near,
  { id: 1, distances: [12, 10, 20, 20] },
  { id: 2, distances: [20, 20, 10, 12] },
  { id: 3, distances: [20, 20, 12, 10] },
]

const hint = (wanted: readonly number[], preferred = true): Hint => ({ mask: maskOf(wanted), preferred })
const of = (resource: string, ...hints: readonly Hint[]): Hints => new Map([[resource, hints]])

function merged(policy: TopologyPolicy, providers: readonly Hints[], preferClosest = false): string {
  const { hint: best, admits } = mergeHints({ policy, nodes, preferClosest }, providers)
  const where = best.mask === undefined ? 'anywhere' : nodesOf(best.mask).join(',')
  return `${where}${best.preferred ? '' : ', not preferred'}${admits ? '' : ', refused'}`
}

test('resources come from the nodes that all of them have in common, the fewest that do', () => {
  const cpu = of('cpu', hint([0]), hint([1]), hint([0, 1], false))
  expect(merged('best-effort', [cpu, of('gpu', hint([1]), hint([0, 1], false))])).toBe('1')
  expect(merged('best-effort', [cpu, new Map()])).toBe('0')
  expect(merged('best-effort', [cpu, new Map([['gpu', undefined]])])).toBe('0')
  expect(merged('none', [cpu])).toBe('anywhere, not preferred')
})

test('what is not preferred is let in by best effort, and by no stricter policy', () => {
  const apart = [of('cpu', hint([0])), of('gpu', hint([1]), hint([0, 1], false))]
  expect(merged('best-effort', apart)).toBe('0, not preferred')
  expect(merged('restricted', apart)).toBe('0, not preferred, refused')
  expect(merged('single-numa-node', apart)).toBe('anywhere, not preferred, refused')
  expect(merged('restricted', [of('cpu')])).toBe('0,1,2,3, not preferred, refused')
})

test('two nodes that are needed are fine unless there must be one', () => {
  const wide = [of('cpu', hint([0, 1]), hint([2, 3]))]
  expect(merged('restricted', wide)).toBe('0,1')
  expect(merged('single-numa-node', wide)).toBe('anywhere, not preferred, refused')
  expect(merged('single-numa-node', [new Map([['cpu', undefined]])])).toBe('anywhere')
})

test('of as many nodes the closest can be preferred', () => {
  const pairs = [of('cpu', hint([0, 2]), hint([2, 3]))]
  expect(merged('best-effort', pairs)).toBe('0,2')
  expect(merged('best-effort', pairs, true)).toBe('2,3')
})

test('masks are all choices of nodes, the narrow ones first', () => {
  expect(masksOf([0, 2, 5]).map((mask) => nodesOf(mask).join(','))).toEqual([
    '0',
    '2',
    '5',
    '0,2',
    '0,5',
    '2,5',
    '0,2,5',
  ])
})

const device = (id: string, ...numaNodes: readonly number[]) => ({ id, isHealthy: true, numaNodes })

test('devices hint at the nodes they are close to', () => {
  const devices = [device('a', 0), device('b', 0), device('c', 1), device('d', 0, 1)]
  const all = new Set(['a', 'b', 'c', 'd'])
  const hints = (available: ReadonlySet<string>, reusable: ReadonlySet<string>, count: number): string[] =>
    deviceHints([0, 1, 2, 3], devices, available, reusable, count).map(
      ({ mask = 0n, preferred }) => `${nodesOf(mask).join(',')}${preferred ? '!' : ''}`,
    )
  expect(hints(all, new Set(), 2)).toEqual(['0!', '1!', '0,1'])
  expect(hints(all, new Set(), 3)).toEqual(['0!', '0,1'])
  expect(hints(new Set(['a', 'c']), new Set(), 2)).toEqual(['0,1'])
  expect(hints(new Set(['b']), new Set(['c']), 1)).toEqual(['1!', '0,1'])
})

test('near devices are chosen first, then those of no place', async () => {
  const places: { readonly [id: string]: readonly number[] } = { a: [0], b: [1], c: [1], d: [] }
  const chosen = (count: number, affinity: readonly number[], prefer?: readonly string[]): Promise<readonly string[]> =>
    choose(
      { resource: 'r', count, reusable: [] },
      Object.keys(places),
      (available) => byAffinity(available, (id) => places[id] ?? [], maskOf(affinity)),
      () => Promise.resolve(prefer),
    )
  expect(await chosen(1, [1])).toEqual(['b'])
  expect(await chosen(1, [1], ['c', 'a'])).toEqual(['c'])
  expect(await chosen(3, [1])).toEqual(['b', 'c', 'a'])
  expect(await chosen(3, [1], ['d'])).toEqual(['b', 'c', 'd'])
  await expect(chosen(5, [1])).rejects.toThrow(
    'requested number of devices unavailable for r. Requested: 5, Available: 4',
  )
})
