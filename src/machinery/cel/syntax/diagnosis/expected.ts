import type { Kind } from './grammar.ts'
import type { State } from './network.ts'

/** What may stand at a place. */
export interface Expected {
  readonly kinds: ReadonlySet<Kind>
  /** The rule may end there. */
  readonly ends: boolean
}

const known = new WeakMap<State, Expected>()

/** What may come next at a state, as far as its own rule says. */
export function expectedAt(state: State): Expected {
  const found = known.get(state)
  if (found) return found
  const kinds = new Set<Kind>()
  const ends = collect(state, kinds, new Set())
  const expected = { kinds, ends }
  known.set(state, expected)
  return expected
}

/** Adds the tokens that may come first; tells whether the rule may end before any. */
function collect(state: State, kinds: Set<Kind>, seen: Set<State>): boolean {
  if (state.kind === 'stop') return true
  if (seen.has(state)) return false
  seen.add(state)
  let ends = false
  for (const edge of state.edges) {
    if (edge.is === 'tokens') for (const kind of edge.kinds) kinds.add(kind)
    else if (edge.is !== 'rule') ends = collect(edge.to, kinds, seen) || ends
    // No rule of the grammar is empty.
    else for (const kind of expectedAt(edge.to).kinds) kinds.add(kind)
  }
  return ends
}

/** What may come next at a state whose rule was entered at `callers`, the innermost last. */
export function expectedWithin(state: State, callers: readonly State[]): Set<Kind> {
  let next = expectedAt(state)
  const kinds = new Set(next.kinds)
  for (let depth = callers.length; next.ends && depth > 0; depth--) {
    next = expectedAt(behind(callers[depth - 1] as State))
    for (const kind of next.kinds) kinds.add(kind)
  }
  if (next.ends) kinds.add('<EOF>')
  return kinds
}

/** What may follow the rules that are gone through: where reading can go on. */
export function followOf(callers: readonly State[]): Set<Kind> {
  return new Set(callers.flatMap((caller) => [...expectedAt(behind(caller)).kinds]))
}

/** Where a rule comes back to that was entered at a state. */
export function behind(caller: State): State {
  const [edge] = caller.edges
  return edge?.is === 'rule' ? edge.back : caller
}
