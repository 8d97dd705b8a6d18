/** Indexes from `first` to `last`, both included. */
export interface Interval {
  readonly first: number
  readonly last: number
}

/** Intervals in order that do not touch. */
export type Intervals = readonly Interval[]

/** Reads `1,3-5,7`. Indexes from `completions` on, and what is malformed, are left out. */
export function parseIndexes(text: string, completions: number): Intervals {
  const intervals: Interval[] = []
  if (text === '') return intervals
  for (const part of text.split(',')) {
    const [from = '', to = from] = part.split('-')
    if (!/^\d+$/.test(from) || !/^\d+$/.test(to)) continue
    const first = Number(from)
    if (first >= completions) break
    const last = Math.min(Number(to), completions - 1)
    const before = intervals.at(-1)
    if (before?.last === first - 1) intervals[intervals.length - 1] = { first: before.first, last }
    else intervals.push({ first, last })
  }
  return intervals
}

/** Two indexes in a row are written as `1,2`, more as `1-3`. */
export function formatIndexes(intervals: Intervals): string {
  return intervals
    .map(({ first, last }) => (first === last ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',')
}

export function mergeIntervals(a: Intervals, b: Intervals): Intervals {
  const merged: Interval[] = []
  for (const next of [...a, ...b].sort((x, y) => x.first - y.first)) {
    const before = merged.at(-1)
    if (!before || next.first > before.last + 1) merged.push(next)
    else if (before.last < next.last) merged[merged.length - 1] = { first: before.first, last: next.last }
  }
  return merged
}

export function withIndexes(intervals: Intervals, indexes: Iterable<number>): Intervals {
  return mergeIntervals(
    intervals,
    [...indexes].map((index) => ({ first: index, last: index })),
  )
}

export const totalOf = (intervals: Intervals): number =>
  intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0)

export function hasIndex(intervals: Intervals, index: number): boolean {
  return intervals.some(({ first, last }) => first <= index && index <= last)
}

/** How many indexes are in both. */
export function overlap(a: Intervals, b: Intervals): number {
  let count = 0
  for (const x of a) {
    for (const y of b) count += Math.max(0, Math.min(x.last, y.last) - Math.max(x.first, y.first) + 1)
  }
  return count
}

/** The first indexes below `completions` that are not taken. */
export function freeIndexes(taken: Intervals, count: number, completions: number): number[] {
  const free: number[] = []
  let candidate = 0
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && free.length < count; candidate++) free.push(candidate)
    candidate = Math.max(candidate, last + 1)
  }
  return free
}
