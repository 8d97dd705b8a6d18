import { goKindOfValue, goString, goTypeOfValue } from '../go-value.ts'
import { badType, listOfLists, noMergeKey, StrategicPatchError } from './error.ts'

export type Item = unknown
export type Map = { [key: string]: unknown }

/** `undefined` when the value is no object. */
export function asMap(value: unknown): Map | undefined {
  return goKindOfValue(value) === 'map' ? (value as Map) : undefined
}

/** The one Go type of all items: lists of mixed types can't be merged. */
export function elementType(...lists: readonly (readonly Item[])[]): string {
  let found: string | undefined
  for (const list of lists) {
    for (const item of list) {
      const type = goTypeOfValue(item)
      if (found === undefined) {
        if (type === '[]interface {}') throw listOfLists()
        found = type
      } else if (found !== type) {
        throw new StrategicPatchError(`list element types are not identical: ${goString(lists)}`)
      }
    }
  }
  if (found === undefined) throw new StrategicPatchError('no elements in any of the given slices')
  return found
}

/** What identifies an item: its merge key, or itself. */
function identity(item: Item, mergeKey: string | undefined): unknown {
  return mergeKey === undefined ? item : asMap(item)?.[mergeKey]
}

/** Position of the first item of each identity. */
function positionsOf(list: readonly Item[], mergeKey: string | undefined): ReadonlyMap<unknown, number> {
  const positions = new globalThis.Map<unknown, number>()
  list.forEach((item, i) => {
    const key = identity(item, mergeKey)
    if (!positions.has(key)) positions.set(key, i)
  })
  return positions
}

/** Items that are in `partitionBy`, and those that are not. */
export function partition(
  list: readonly Item[],
  partitionBy: readonly Item[],
  mergeKey: string,
): readonly [Item[], Item[]] {
  const known = new Set<unknown>()
  if (mergeKey === '') for (const item of partitionBy) known.add(item)
  else {
    partitionBy.forEach((item, i) => {
      const map = asMap(item)
      if (map === undefined && list.length > 0) throw new StrategicPatchError(`value for key ${i} is not a map`)
      if (map !== undefined && Object.hasOwn(map, mergeKey)) known.add(map[mergeKey])
    })
  }
  const inside: Item[] = []
  const outside: Item[] = []
  for (const item of list) {
    if (mergeKey !== '') requireKey(item, mergeKey)
    if (known.has(mergeKey === '' ? item : identity(item, mergeKey))) inside.push(item)
    else outside.push(item)
  }
  return [inside, outside]
}

function requireKey(item: Item, mergeKey: string): void {
  const map = asMap(item)
  if (map === undefined) throw badType('map[string]interface {}', item)
  if (!Object.hasOwn(map, mergeKey)) throw noMergeKey(map, mergeKey)
}

/**
 * Puts items of a patch in the order that the patch asks for, and the others between them in the order they had.
 *
 * @param patchItems items that the patch knows, to be ordered as in `patchOrder`
 * @param serverItems items that only the server knows, to be ordered as in `serverOrder`
 * @param mergeKey what items are told apart by, which all of them must have; `undefined` for scalars
 */
export function ordered(
  patchItems: readonly Item[],
  serverItems: readonly Item[],
  patchOrder: readonly Item[],
  serverOrder: readonly Item[],
  mergeKey: string | undefined,
): Item[] {
  const right = sortedLike(patchItems, patchOrder, mergeKey)
  const left = sortedLike(serverItems, serverOrder, mergeKey)
  if (left.length === 0) return right
  const positions = positionsOf(serverOrder, mergeKey)
  const positionOf = (item: Item): number | undefined => positions.get(identity(item, mergeKey))
  const all: Item[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    const from = i < left.length ? positionOf(left[i]) : undefined
    const to = j < right.length ? positionOf(right[j]) : undefined
    const leftFirst = j >= right.length || (i < left.length && from !== undefined && to !== undefined && from < to)
    all.push(leftFirst ? left[i++] : right[j++])
  }
  return all
}

function sortedLike(list: readonly Item[], order: readonly Item[], mergeKey: string | undefined): Item[] {
  if (mergeKey !== undefined) {
    for (const item of list) requireKey(item, mergeKey)
    for (const item of order) requireKey(item, mergeKey)
  }
  if (list.length === 0) return []
  const isDelete = (item: Item): boolean => mergeKey !== undefined && asMap(item)?.['$patch'] === 'delete'
  const deleted = list.filter(isDelete)
  const kept = deleted.length === 0 ? list : list.filter((item) => !isDelete(item))
  const positions = positionsOf(order, mergeKey)
  const ranked = kept.map((item) => ({ item, rank: positions.get(identity(item, mergeKey)) }))
  const sorted = ranked.every(({ rank }) => rank !== undefined)
    ? ranked.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    : insertionSorted(ranked)
  return [...sorted.map(({ item }) => item), ...deleted]
}

interface Ranked {
  readonly item: Item
  readonly rank: number | undefined
}

/** Items without a rank go in front of whatever precedes them, one after the other. */
function insertionSorted(list: readonly Ranked[]): readonly Ranked[] {
  const sorted: Ranked[] = []
  for (const entry of list) {
    let at = sorted.length
    while (at > 0 && goesBefore(entry, sorted[at - 1])) at--
    sorted.splice(at, 0, entry)
  }
  return sorted
}

function goesBefore(entry: Ranked, other: Ranked | undefined): boolean {
  return entry.rank === undefined || other?.rank === undefined || entry.rank < other.rank
}

/** Beyond this many items repeated ones are simply dropped. */
const smallList = 1000

/** Drops repeated scalars; the last item moves into the place of each. */
export function withoutRepeated(list: readonly Item[]): Item[] {
  if (new Set(list).size === list.length) return list.slice()
  if (list.length > smallList) return [...new Set(list)]
  const items = list.slice()
  for (let i = 0; i < items.length; i++) {
    for (let j = i + 1; j < items.length; j++) {
      if (items[i] !== items[j]) continue
      const last = items.pop()
      if (j < items.length) {
        items[j] = last
        j--
      }
    }
  }
  return items
}
