import { quote } from '#machinery'

/** Why a text is no list of indexes; the message is the API's. */
class IndexesError extends Error {
  override readonly name = 'IndexesError'
}

type Interval = readonly [first: number, last: number]

/**
 * How many indexes a text such as `1,3-5,7` names.
 *
 * @param completions indexes are below this
 * @throws IndexesError when it is malformed, not ascending, or names too large an index
 */
export function countIndexes(text: string, completions: number): number {
  if (text === '') return 0
  let last: number | undefined
  let total = 0
  for (const part of text.split(',')) {
    const [from, to] = parseInterval(part, completions)
    if (last !== undefined && last >= from)
      throw new IndexesError(`non-increasing order, previous: ${last}, current: ${from}`)
    total += to - from + 1
    last = to
  }
  return total
}

const integer = /^[+-]?\d+$/

function parseInterval(text: string, completions: number): Interval {
  const limits = text.split('-')
  if (limits.length > 2) {
    const rule = "violates the requirement that an index interval can have at most two parts separated by '-'"
    throw new IndexesError(`the fragment ${quote(text)} ${rule}`)
  }
  const read = (limit: string): number => {
    if (!integer.test(limit)) throw new IndexesError(`cannot convert string to integer for index: ${quote(limit)}`)
    const index = Number(limit)
    if (index >= completions) throw new IndexesError(`too large index: ${quote(limit)}`)
    return index
  }
  const [first = '', second] = limits
  const from = read(first)
  if (second === undefined) return [from, from]
  const to = read(second)
  if (from >= to) throw new IndexesError(`non-increasing order, previous: ${from}, current: ${to}`)
  return [from, to]
}

/** The first index that both texts name, `undefined` when there is none. What is malformed names nothing. */
export function overlapOf(completed: string, failed: string, completions: number): number | undefined {
  if (completed === '' || failed === '') return undefined
  const a = intervals(completed, completions)
  const b = intervals(failed, completions)
  for (let i = 0, j = 0; ;) {
    const left = a[i]
    const right = b[j]
    if (!left || !right) return undefined
    if (left[0] <= right[1] && right[0] <= left[1]) return Math.max(left[0], right[0])
    if (left[0] <= right[0]) i++
    else j++
  }
}

function intervals(text: string, completions: number): readonly Interval[] {
  return text.split(',').flatMap((part) => {
    try {
      return [parseInterval(part, completions)]
    } catch (error) {
      if (error instanceof IndexesError) return []
      throw error
    }
  })
}

/** Why a text is no list of indexes, `undefined` when it is one. */
export function indexesProblem(text: string, completions: number): string | undefined {
  try {
    countIndexes(text, completions)
    return undefined
  } catch (error) {
    if (error instanceof IndexesError) return error.message
    throw error
  }
}
