import type { Match, Rule } from './routing.ts'

/** A rule that has not found its place yet. */
export interface Ranked {
  readonly rule: Rule
  /** Decides among rules that match alike: smaller goes first, part by part. */
  readonly rank: readonly (string | number)[]
}

/**
 * Rules in the order in which they are tried. Exact paths, expressions (longer first), then prefixes (longer first), as
 * both APIs want it; among rules for one path those with a method, with more headers, with more query parameters go
 * first, as Gateway API has it.
 */
export function inOrder(rules: readonly Ranked[]): Rule[] {
  return [...rules]
    .sort((a, b) => byMatch(a.rule.match, b.rule.match) || byRank(a.rank, b.rank))
    .map(({ rule }) => rule)
}

const pathTypes = ['exact', 'regex', 'prefix']

function byMatch(a: Match, b: Match): number {
  return (
    pathTypes.indexOf(a.path.type) - pathTypes.indexOf(b.path.type) ||
    lengthOf(b) - lengthOf(a) ||
    compare(a.path.value, b.path.value) ||
    Number(b.method !== undefined) - Number(a.method !== undefined) ||
    count(b, 'header') - count(a, 'header') ||
    count(b, 'query') - count(a, 'query')
  )
}

/** Exact paths don't compete, and a slash at the end of a prefix means nothing. */
const lengthOf = ({ path: { type, value } }: Match): number =>
  type === 'exact' ? 0 : type === 'prefix' ? withoutSlash(value).length : value.length

export const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path)

const count = (match: Match, of: 'header' | 'query'): number =>
  match.conditions.filter((condition) => condition.of === of).length

function byRank(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, part] of a.entries()) {
    const order = compare(part, b[index] ?? '')
    if (order !== 0) return order
  }
  return a.length - b.length
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)
