import { withoutSlash } from './order.ts'
import type { Rule, VirtualHost } from './routing.ts'

/** The rules of a host by path, so that few of them are ever tried: those that may match, in their order. */
export interface Lookup {
  /** By whole path. */
  readonly exact: ReadonlyMap<string, readonly Rule[]>
  /** By prefix without the slash at its end, where no whole path fits; the longest counts, and knows what shorter ones say. */
  readonly prefixes: ReadonlyMap<string, readonly Rule[]>
}

/** Whether a rule has nothing but its path, or the prefix that led to it, to match. */
export const isUnconditional = ({ match }: Rule): boolean =>
  match.path.type !== 'regex' && match.method === undefined && match.conditions.length === 0

/** The rules must be in their order. */
export function lookupOf({ rules }: VirtualHost): Lookup {
  const of = (type: string): Rule[] => rules.filter(({ match }) => match.path.type === type)
  const prefixRules = of('prefix')
  const regexRules = of('regex')
  const exactRules = of('exact')
  /** What is tried where a path has no exact rule, or those it has don't match. */
  const below = (path: string): Rule[] => [...regexRules, ...prefixRules.filter((rule) => covers(rule, path))]
  const byPath = (some: readonly Rule[]): Set<string> =>
    new Set(some.map(({ match }) => withoutSlash(match.path.value)))
  const prefixes = new Map([...byPath(prefixRules)].map((path) => [path, untilSure(below(path))]))
  if (regexRules.length > 0 && !prefixes.has('')) prefixes.set('', untilSure(regexRules))
  const exact = new Map<string, Rule[]>()
  for (const path of new Set(exactRules.map(({ match }) => match.path.value))) {
    const own = exactRules.filter(({ match }) => match.path.value === path)
    exact.set(path, untilSure([...own, ...below(path)]))
  }
  return { exact, prefixes }
}

function covers({ match }: Rule, path: string): boolean {
  const prefix = withoutSlash(match.path.value)
  return `${path}/`.startsWith(`${prefix}/`)
}

/** Rules after one that always matches are never tried. */
function untilSure(rules: readonly Rule[]): Rule[] {
  const sure = rules.findIndex(isUnconditional)
  return sure < 0 ? [...rules] : rules.slice(0, sure + 1)
}
