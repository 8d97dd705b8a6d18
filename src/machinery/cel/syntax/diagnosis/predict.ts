import { behind } from './expected.ts'
import type { Kind } from './grammar.ts'
import type { Edge, State } from './network.ts'

/** Places to come back to, the innermost first. */
interface Stack {
  readonly back: State
  readonly below: Stack | undefined
  /** Tells stacks apart. */
  readonly key: string
}

/** One way in which an alternative may have gone on. */
interface Way {
  readonly alternative: number
  readonly state: State
  /** Without one, a rule comes back wherever it may have been entered. */
  readonly stack: Stack | undefined
  /** It has left the rule of the decision. */
  readonly left: boolean
}

type Ways = ReadonlyMap<string, Way>

/** What is known after some tokens: the alternative, that it takes knowing where the rule was entered, or neither. */
interface Point {
  readonly ways: Ways
  readonly verdict: number | 'unclear' | undefined
  readonly next: Map<Kind, Point | undefined>
}

const starts = new WeakMap<State, Map<number, Point>>()

export interface Decision {
  readonly state: State
  /** Of the rule in which the decision is made. */
  readonly precedence: number
  /** States at which rules were entered, the innermost last. */
  readonly callers: readonly State[]
  /** What is ahead, by distance; the last token is the end, which comes again and again. */
  readonly ahead: (distance: number) => Kind
}

/** A decision, or how many tokens ahead it is that none of the alternatives takes. */
export type Prediction = { readonly alternative: number } | { readonly failedAt: number }

/**
 * The alternative that goes on with what is ahead: the first of those that can't be told apart. At first, what follows the
 * rule is what may follow it anywhere; where that does not tell alternatives apart, it is what may follow it here. Where all
 * fail, the first one counts whose rule may have ended before.
 */
export function predict({ state, precedence, callers, ahead }: Decision): Prediction {
  let point = startOf(state, precedence)
  for (let distance = 0; ; distance++) {
    const reached = follow(point, ahead(distance))
    if (!reached) {
      const ended = endedIn(point.ways)
      return ended === undefined ? { failedAt: distance } : { alternative: ended }
    }
    if (reached.verdict === 'unclear') return predictHere({ state, precedence, callers, ahead })
    if (reached.verdict !== undefined) return { alternative: reached.verdict }
    point = reached
  }
}

function predictHere({ state, precedence, callers, ahead }: Decision): Prediction {
  let stack: Stack | undefined
  for (const caller of callers) stack = pushed(behind(caller), stack)
  let ways = waysFrom(state, precedence, stack)
  for (let distance = 0; ; distance++) {
    ways = waysAfter(ways, ahead(distance))
    if (ways.size === 0) return { failedAt: distance }
    const firsts = new Set([...alternativesBy(ways, placeOf).values()].map((all) => Math.min(...all)))
    const [first] = firsts
    if (first !== undefined && firsts.size === 1) return { alternative: first }
  }
}

function startOf(state: State, precedence: number): Point {
  let byPrecedence = starts.get(state)
  if (!byPrecedence) starts.set(state, (byPrecedence = new Map()))
  let point = byPrecedence.get(precedence)
  if (!point) {
    const ways = waysFrom(state, precedence, undefined)
    // Who can go on inside of a rule does not leave it to come to the same place.
    const first = new Set([...ways.values()].filter(({ alternative }) => alternative === 1).map(placeOf))
    for (const [key, way] of ways) if (way.alternative > 1 && first.has(placeOf(way))) ways.delete(key)
    byPrecedence.set(precedence, (point = { ways, verdict: undefined, next: new Map() }))
  }
  return point
}

function follow(point: Point, kind: Kind): Point | undefined {
  if (point.next.has(kind)) return point.next.get(kind)
  const ways = waysAfter(point.ways, kind)
  const reached = ways.size === 0 ? undefined : { ways, verdict: verdictOn(ways), next: new Map() }
  point.next.set(kind, reached)
  return reached
}

function verdictOn(ways: Ways): Point['verdict'] {
  const all = [...alternativesBy(ways, () => '').values()][0] ?? new Set()
  if (all.size === 1) return [...all][0]
  const isShared = (alternatives: ReadonlySet<number>): boolean => alternatives.size > 1
  const atPlaces = [...alternativesBy(ways, placeOf).values()]
  const atStates = [...alternativesBy(ways, ({ state }) => String(state.id)).values()]
  return atPlaces.some(isShared) && atStates.every(isShared) ? 'unclear' : undefined
}

function alternativesBy(ways: Ways, keyOf: (way: Way) => string): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>()
  for (const way of ways.values()) {
    const key = keyOf(way)
    const known = found.get(key)
    if (known) known.add(way.alternative)
    else found.set(key, new Set([way.alternative]))
  }
  return found
}

/** The first alternative that may have ended the rule. */
function endedIn(ways: Ways): number | undefined {
  const ended = [...ways.values()].filter(({ left }) => left).map(({ alternative }) => alternative)
  return ended.length === 0 ? undefined : Math.min(...ended)
}

function waysFrom(state: State, precedence: number, stack: Stack | undefined): Map<string, Way> {
  const ways = new Map<string, Way>()
  for (const [index, { to }] of state.edges.entries())
    close({ alternative: index + 1, state: to, stack, left: false }, ways, new Set(), precedence)
  return ways
}

function waysAfter(before: Ways, kind: Kind): Map<string, Way> {
  const ways = new Map<string, Way>()
  for (const way of before.values()) {
    for (const edge of way.state.edges)
      if (edge.is === 'tokens' && edge.kinds.has(kind)) close({ ...way, state: edge.to }, ways, new Set(), undefined)
  }
  return ways
}

/**
 * Goes on from a way to every place where a token is taken, or nothing comes any more.
 *
 * @param precedence of the rule of the decision, for as long as no other is entered or come back to
 */
function close(way: Way, ways: Map<string, Way>, seen: Set<string>, precedence: number | undefined): void {
  const key = `${way.alternative}:${placeOf(way)}`
  if (seen.has(key)) return
  seen.add(key)
  const { state, stack } = way
  if (state.kind === 'stop' && stack) {
    close({ ...way, state: stack.back, stack: stack.below }, ways, seen, undefined)
    return
  }
  if (state.edges.length === 0 || state.edges.some(({ is }) => is === 'tokens')) ways.set(key, way)
  for (const edge of state.edges) {
    const next = along(edge, way, precedence)
    if (next) close(next, ways, seen, edge.is === 'rule' || next.left ? undefined : precedence)
  }
}

function along(edge: Edge, way: Way, precedence: number | undefined): Way | undefined {
  switch (edge.is) {
    case 'tokens':
      return undefined
    case 'empty':
      return { ...way, state: edge.to, left: way.left || way.state.kind === 'stop' }
    case 'rule':
      return { ...way, state: edge.to, stack: pushed(edge.back, way.stack) }
    case 'binding':
      return precedence !== undefined && precedence > edge.precedence ? undefined : { ...way, state: edge.to }
  }
}

function pushed(back: State, below: Stack | undefined): Stack {
  return { back, below, key: `${back.id}.${below?.key ?? ''}` }
}

const placeOf = ({ state, stack }: Way): string => `${state.id}:${stack?.key ?? ''}`
