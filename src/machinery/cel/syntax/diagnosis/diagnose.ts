import type { Issue } from '../../error.ts'
import { SyntaxIssue } from '../lexer.ts'
import type { Token, Tokens } from '../lexer.ts'
import { expectedAt, expectedWithin, followOf } from './expected.ts'
import { kinds } from './grammar.ts'
import type { Kind, RuleName } from './grammar.ts'
import { Network } from './network.ts'
import type { State, Step } from './network.ts'
import { predict } from './predict.ts'

/** How often reading goes on behind an error. */
const recoveryLimit = 30

/**
 * What is wrong with an expression that can't be read, and all of it: behind an error, reading goes on where it can, as
 * upstream's parser does (the default strategy of ANTLR: a token too many is passed over, one that is missing taken as
 * there, and else tokens are passed over up to one that may follow).
 */
export function diagnose(tokens: Tokens, source: string): Diagnosed {
  const diagnosis = new Diagnosis(tokens, source)
  diagnosis.run()
  const { issues, taken } = diagnosis
  const end = tokens.tokens.at(-1)
  return { issues, taken: end === undefined || taken.at(-1) === end ? taken : [...taken, end] }
}

export interface Diagnosed {
  readonly issues: readonly Issue[]
  /** The tokens that were taken, and those that were missed. */
  readonly taken: readonly Token[]
}

let network: Network | undefined

class LimitReached extends Error {}

class Diagnosis {
  readonly issues: Issue[] = []
  readonly taken: Token[] = []
  readonly #tokens: readonly Token[]
  readonly #gaps: Tokens['gaps']
  readonly #source: string
  readonly #network = (network ??= new Network())
  /** States at which the rules were entered that are gone through. */
  readonly #callers: State[] = []
  readonly #precedences: number[] = []
  #at = 0
  #state: State
  #problem: { readonly offset: number; readonly message: string } | undefined
  #isRecovering = false
  #attempts = 0
  #lastError: { readonly at: number; readonly states: Set<State> } | undefined

  constructor({ tokens, gaps }: Tokens, source: string) {
    this.#tokens = tokens
    this.#gaps = gaps
    this.#source = source
    this.#state = this.#network.rule('start').start
  }

  run(): void {
    try {
      this.#rule('start', 0)
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error
    }
  }

  #token(distance = 0): Token {
    return this.#tokens[Math.min(this.#at + distance, this.#tokens.length - 1)] as Token
  }

  #kind(distance = 0): Kind {
    return kindOf(this.#token(distance))
  }

  #take(): void {
    if (this.#at < this.#tokens.length - 1) this.#at++
  }

  #rule(name: RuleName, precedence: number): void {
    const caller = this.#state
    if (name !== 'start') this.#callers.push(caller)
    this.#precedences.push(precedence)
    if (!this.#step(this.#network.rule(name).step)) {
      const { at } = this.#token()
      this.#tell()
      this.#recover()
      if (caller === this.#network.selectedName) this.issues.push({ offset: at, message: 'unsupported ident kind' })
    }
    this.#precedences.pop()
    this.#callers.pop()
    this.#state = caller
  }

  /** Goes through a part of a rule; `false` when the rule can't go on. */
  #step(step: Step): boolean {
    switch (step.is) {
      case 'sequence':
        return step.steps.every((each) => this.#step(each))
      case 'rule':
        this.#state = step.state
        this.#rule(step.rule, step.precedence)
        return true
      case 'token':
        this.#state = step.state
        return step.kinds.has(this.#kind()) ? this.#matched() : this.#replaced(step.state)
      case 'choice':
        return this.#choice(step)
      case 'loop':
        return this.#loop(step)
    }
  }

  #matched(): boolean {
    this.#endRecovery()
    this.taken.push(this.#token())
    this.#take()
    return true
  }

  #choice({ state, steps, optional }: Extract<Step, { is: 'choice' }>): boolean {
    if (!this.#sync(state)) return false
    const alternative = this.#decide(state, optional ? state.edges.length : undefined)
    if (alternative === undefined) return false
    const chosen = steps[alternative - 1]
    return chosen ? this.#step(chosen) : optional
  }

  #loop({ entry, back, decision, step, atLeastOnce }: Extract<Step, { is: 'loop' }>): boolean {
    if (!this.#sync(entry)) return false
    let alternative = atLeastOnce ? 1 : this.#decide(decision, 2)
    while (alternative === 1) {
      if (!this.#step(step) || !this.#sync(back)) return false
      alternative = this.#decide(decision, 2)
    }
    return alternative !== undefined
  }

  /**
   * The alternative to take.
   *
   * @param otherwise the one that is taken for all that no other begins with, where the next token tells them apart
   */
  #decide(state: State, otherwise?: number): number | undefined {
    const simple = simpleDecision(state)
    if (simple) {
      const found = simple
        .slice(0, otherwise === undefined ? undefined : otherwise - 1)
        .findIndex((set) => set.has(this.#kind()))
      return found >= 0 ? found + 1 : (otherwise ?? this.#noAlternative(0))
    }
    const precedence = this.#precedences.at(-1) ?? 0
    const made = predict({ state, precedence, callers: this.#callers, ahead: (distance) => this.#kind(distance) })
    return 'alternative' in made ? made.alternative : this.#noAlternative(made.failedAt)
  }

  #noAlternative(distance: number): undefined {
    const [first, last] = [this.#token(), this.#token(distance)]
    const end = last.kind === 'end' ? last.at : last.at + (last.source ?? last.text).length
    const text = first.kind === 'end' ? '<EOF>' : this.#text(first.at, end)
    const constant = /^.(true|false|null)$/.exec(text)?.[1]
    const message =
      constant === undefined
        ? `no viable alternative at input ${quoted(text)}`
        : `mismatched input '${constant}' expecting IDENTIFIER`
    this.#problem = { offset: last.at, message }
    return undefined
  }

  /** The source without what is no token. */
  #text(from: number, to: number): string {
    const gaps = this.#gaps.filter(({ at }) => at >= from && at < to)
    const starts = [from, ...gaps.map(({ at, length }) => at + length)]
    return starts.map((start, index) => this.#source.slice(start, gaps[index]?.at ?? to)).join('')
  }

  /** Before a decision: a token that nothing can be decided by is passed over, or ends the rule. */
  #sync(state: State): boolean {
    this.#state = state
    if (this.#isRecovering) return true
    const { kinds: next, ends } = expectedAt(state)
    if (ends || next.has(this.#kind())) return true
    if (state.kind === 'again') {
      this.#tellUnwanted()
      this.#skipTo(new Set([...this.#expected(), ...followOf(this.#callers)]))
      return true
    }
    return this.#deleted() || this.#mismatch()
  }

  /** A token is missing, or another stands in its place. */
  #replaced(state: State): boolean {
    this.#countAttempt()
    if (this.#deleted()) return this.#matched()
    const after = state.edges[0]?.to
    if (after && expectedWithin(after, this.#callers).has(this.#kind())) {
      this.#report(() => `missing ${listed(this.#expected())} at ${shown(this.#token())}`)
      this.taken.push(missing(this.#expected(), this.#token().at))
      return true
    }
    return this.#mismatch()
  }

  /** Passes over the next token when the one behind it is wanted. */
  #deleted(): boolean {
    if (!this.#expected().has(this.#kind(1))) return false
    this.#tellUnwanted()
    this.#take()
    this.#endRecovery()
    return true
  }

  #mismatch(): boolean {
    const token = this.#token()
    this.#problem = {
      offset: token.at,
      message: `mismatched input ${shown(token)} expecting ${listed(this.#expected())}`,
    }
    return false
  }

  #expected(): Set<Kind> {
    return expectedWithin(this.#state, this.#callers)
  }

  #tellUnwanted(): void {
    this.#report(() => `extraneous input ${shown(this.#token())} expecting ${listed(this.#expected())}`)
  }

  #tell(): void {
    const problem = this.#problem
    this.#problem = undefined
    if (problem) this.#report(() => problem.message, problem.offset)
  }

  /** Until a token fits again, nothing more is said. */
  #report(message: () => string, offset = this.#token().at): void {
    if (this.#isRecovering) return
    this.#isRecovering = true
    this.issues.push(new SyntaxIssue(offset, message()).issue)
  }

  #endRecovery(): void {
    this.#isRecovering = false
    this.#lastError = undefined
  }

  #recover(): void {
    this.#countAttempt()
    if (this.#lastError?.at === this.#at && this.#lastError.states.has(this.#state)) this.#take()
    const states = this.#lastError?.states ?? new Set<State>()
    this.#lastError = { at: this.#at, states: states.add(this.#state) }
    this.#skipTo(followOf(this.#callers))
  }

  #skipTo(wanted: ReadonlySet<Kind>): void {
    while (this.#kind() !== '<EOF>' && !wanted.has(this.#kind())) this.#take()
  }

  #countAttempt(): void {
    if (this.#attempts++ < recoveryLimit) return
    const message = `error recovery attempt limit exceeded: ${recoveryLimit}`
    this.issues.push(new SyntaxIssue(this.#token().at, message).issue)
    throw new LimitReached(message)
  }
}

/** What each alternative begins with, where the next token tells them apart, wherever the rule is. */
function simpleDecision(decision: State): readonly ReadonlySet<Kind>[] | undefined {
  const known = simple.get(decision)
  if (known !== undefined) return known ?? undefined
  const sets = decision.edges.map(({ to }) => beginnings(to))
  const size = sets.reduce((sum, set) => sum + (set?.size ?? 0), 0)
  const union = new Set(sets.flatMap((set) => [...(set ?? [])]))
  const found = sets.every((set) => set !== undefined && set.size > 0) && union.size === size ? sets : null
  simple.set(decision, found as readonly ReadonlySet<Kind>[] | null)
  return (found as readonly ReadonlySet<Kind>[] | null) ?? undefined
}

const simple = new WeakMap<State, readonly ReadonlySet<Kind>[] | null>()

/** Tokens that may come first from a state on, behind the end of its rule as well; `undefined` where bindings count. */
function beginnings(state: State, seen = new Set<State>()): Set<Kind> | undefined {
  const found = new Set<Kind>()
  if (seen.has(state)) return found
  seen.add(state)
  for (const edge of state.edges) {
    if (edge.is === 'binding') return undefined
    const more =
      edge.is === 'tokens' ? edge.kinds : edge.is === 'rule' ? expectedAt(edge.to).kinds : beginnings(edge.to, seen)
    if (more === undefined) return undefined
    for (const kind of more) found.add(kind)
  }
  return found
}

function kindOf({ kind, text, source }: Token): Kind {
  switch (kind) {
    case 'end':
      return '<EOF>'
    case 'int':
      return 'NUM_INT'
    case 'uint':
      return 'NUM_UINT'
    case 'double':
      return 'NUM_FLOAT'
    case 'string':
      return 'STRING'
    case 'bytes':
      return 'BYTES'
    case 'symbol':
      return `'${text}'` as Kind
    case 'identifier':
      if (source !== undefined) return 'ESC_IDENTIFIER'
      return ['in', 'true', 'false', 'null'].includes(text) ? (`'${text}'` as Kind) : 'IDENTIFIER'
  }
}

/** A token in the place of one that is missing. */
function missing(expected: ReadonlySet<Kind>, at: number): Token {
  const [kind = ''] = expected
  return kind.startsWith("'") ? { kind: 'symbol', text: kind.slice(1, -1), at } : { kind: 'identifier', text: kind, at }
}

const order = new Map<Kind, number>(kinds.map((kind, index) => [kind, index]))

function listed(expected: ReadonlySet<Kind>): string {
  const sorted = [...expected].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  return sorted.length === 1 ? (sorted[0] as string) : `{${sorted.join(', ')}}`
}

const shown = ({ source, text }: Token): string => quoted(source ?? text)

function quoted(text: string): string {
  return `'${text.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`
}
