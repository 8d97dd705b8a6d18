import { grammar } from './grammar.ts'
import type { Kind, Part, RuleName } from './grammar.ts'

/** A place in a rule. */
export interface State {
  readonly id: number
  /** What kind of decision is made here, if any: recovery depends on it. */
  readonly kind: 'place' | 'block' | 'again' | 'end' | 'stop'
  readonly edges: Edge[]
}

export type Edge =
  | { readonly is: 'empty'; readonly to: State }
  | { readonly is: 'tokens'; readonly kinds: ReadonlySet<Kind>; to: State }
  | { readonly is: 'rule'; readonly rule: RuleName; readonly to: State; back: State }
  | { readonly is: 'binding'; readonly precedence: number; readonly to: State }

/** How a rule is gone through: its parts, with the states at which each of them begins and goes on. */
export type Step =
  | { readonly is: 'token'; readonly state: State; readonly kinds: ReadonlySet<Kind> }
  | { readonly is: 'rule'; readonly state: State; readonly rule: RuleName; readonly precedence: number }
  | { readonly is: 'sequence'; readonly steps: readonly Step[] }
  | { readonly is: 'choice'; readonly state: State; readonly steps: readonly Step[]; readonly optional: boolean }
  /** `decision` is where it is decided whether there is one more; `entry` is where the first begins. */
  | {
      readonly is: 'loop'
      readonly entry: State
      readonly back: State
      readonly decision: State
      readonly step: Step
      readonly atLeastOnce: boolean
    }

interface Return {
  readonly rule: RuleName
  readonly edge: Extract<Edge, { is: 'rule' }>
}

interface Rule {
  readonly start: State
  readonly stop: State
  readonly step: Step
}

/** The grammar as a network of states. */
export class Network {
  readonly #rules = new Map<RuleName, Rule>()
  #count = 0

  constructor() {
    const names = Object.keys(grammar) as RuleName[]
    const ends = new Map(names.map((name) => [name, { start: this.#state(), stop: this.#state('stop') }]))
    const startOf = (name: RuleName): State => (ends.get(name) as Rule).start
    const returns: Return[] = []
    for (const name of names) {
      const { start, stop } = ends.get(name) as Rule
      const builder = new Builder((kind) => this.#state(kind), startOf, returns)
      const { step, end } = builder.part(grammar[name], start)
      end.edges.push({ is: 'empty', to: stop })
      this.#rules.set(name, { start, stop, step })
    }
    // Whoever does not know where a rule was entered takes it to come back everywhere.
    for (const { rule, edge } of returns) this.rule(rule).stop.edges.push({ is: 'empty', to: edge.back })
  }

  /** Where the name is read of a field that is selected. */
  get selectedName(): State | undefined {
    return namesIn(this.rule('member').step)[0]
  }

  rule(name: RuleName): Rule {
    return this.#rules.get(name) as Rule
  }

  #state(kind: State['kind'] = 'place'): State {
    return { id: this.#count++, kind, edges: [] }
  }
}

interface Built {
  readonly step: Step
  readonly end: State
}

class Builder {
  readonly #state: (kind?: State['kind']) => State
  readonly #startOf: (rule: RuleName) => State
  readonly #returns: Return[]

  constructor(state: (kind?: State['kind']) => State, startOf: (rule: RuleName) => State, returns: Return[]) {
    this.#state = state
    this.#startOf = startOf
    this.#returns = returns
  }

  /** Adds a part behind a state. */
  part(part: Part, from: State): Built {
    switch (part.is) {
      case 'token': {
        const state = this.#next(from)
        const kinds = new Set(part.kinds)
        const end = this.#state()
        state.edges.push({ is: 'tokens', kinds, to: end })
        return { step: { is: 'token', state, kinds }, end }
      }
      case 'rule': {
        const state = this.#next(from)
        const back = this.#state()
        const edge: Return['edge'] = { is: 'rule', rule: part.rule, to: this.#startOf(part.rule), back }
        state.edges.push(edge)
        this.#returns.push({ rule: part.rule, edge })
        return { step: { is: 'rule', state, rule: part.rule, precedence: part.precedence }, end: back }
      }
      case 'binding': {
        const end = this.#state()
        from.edges.push({ is: 'binding', precedence: part.precedence, to: end })
        return { step: { is: 'sequence', steps: [] }, end }
      }
      case 'sequence': {
        let end = from
        const steps = part.parts.map((each) => {
          const built = this.part(each, end)
          end = built.end
          return built.step
        })
        return { step: { is: 'sequence', steps }, end }
      }
      case 'choice':
        return this.#choice(part.parts, from, false)
      case 'optional':
        return this.#choice([part.part], from, true)
      case 'repeated':
      case 'atLeastOnce':
        return this.#loop(part.part, from, part.is === 'atLeastOnce')
    }
  }

  #next(from: State, kind?: State['kind']): State {
    const state = this.#state(kind)
    from.edges.push({ is: 'empty', to: state })
    return state
  }

  #choice(parts: readonly Part[], from: State, optional: boolean): Built {
    const state = this.#next(from, 'block')
    const end = this.#state('end')
    const steps = parts.map((part) => {
      const built = this.part(part, this.#next(state))
      this.#join(built, end)
      return built.step
    })
    if (optional) state.edges.push({ is: 'empty', to: end })
    return { step: { is: 'choice', state, steps, optional }, end }
  }

  /** Alternatives that end alike come to the same place. */
  #join({ step, end }: Built, to: State): void {
    const last = lastStep(step)
    const [edge] = last?.state.edges ?? []
    if (edge?.is === 'rule') edge.back = to
    else if (edge?.is === 'tokens') edge.to = to
    else end.edges.push({ is: 'empty', to })
  }

  #loop(part: Part, from: State, atLeastOnce: boolean): Built {
    const entry = this.#next(from, 'block')
    const back = this.#state('again')
    const end = this.#state('end')
    // Whether it goes on is decided where it begins or, where it has to begin, behind what was taken.
    const decision = atLeastOnce ? back : entry
    const body = atLeastOnce ? entry : this.#state()
    const built = this.part(part, this.#next(body))
    this.#join(built, back)
    decision.edges.push({ is: 'empty', to: body }, { is: 'empty', to: end })
    if (!atLeastOnce) back.edges.push({ is: 'empty', to: entry })
    return { step: { is: 'loop', entry, back, decision, step: built.step, atLeastOnce }, end }
  }
}

/** The token or the rule that a part ends with. */
function lastStep(step: Step): Extract<Step, { is: 'token' | 'rule' }> | undefined {
  if (step.is === 'token' || step.is === 'rule') return step
  const last = step.is === 'sequence' ? step.steps.at(-1) : undefined
  return last && lastStep(last)
}

/** States at which names of fields are read in a part. */
function namesIn(step: Step): readonly State[] {
  switch (step.is) {
    case 'token':
      return []
    case 'rule':
      return step.rule === 'escapeIdent' ? [step.state] : []
    case 'loop':
      return namesIn(step.step)
    case 'sequence':
    case 'choice':
      return step.steps.flatMap(namesIn)
  }
}
