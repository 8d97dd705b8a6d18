import { CelError } from '../error.ts'
import type { Comprehension } from '../syntax/ast.ts'
import { GrowingList, GrowingMap, isList, isMap, kindOf, listOf } from '../values/values.ts'
import type { Value } from '../values/values.ts'
import { caught } from './program.ts'
import type { Plan, Program, Scope } from './program.ts'

/** What goes on in one comprehension: its variables, before those around it. */
class FoldScope implements Scope {
  readonly meter: Scope['meter']
  readonly #fold: Comprehension
  readonly #outer: Scope
  readonly #init: Program
  first: Value = null
  second: Value = null
  /** The loop is over: its variables are no more. */
  ended = false
  #accumulated: Value | CelError | undefined

  constructor(fold: Comprehension, outer: Scope, init: Program) {
    this.meter = outer.meter
    this.#fold = fold
    this.#outer = outer
    this.#init = init
  }

  /** The first value is computed when it is asked for. */
  get(name: string): Value | undefined {
    if (name === this.#fold.accumulator) {
      this.#accumulated ??= this.#initial()
      if (this.#accumulated instanceof CelError) throw this.#accumulated
      return this.#accumulated
    }
    if (!this.ended) {
      if (name === this.#fold.variable) return this.first
      if (name === this.#fold.second) return this.second
    }
    return this.#outer.get(name)
  }

  set accumulated(value: Value | CelError) {
    this.#accumulated = value
  }

  #initial(): Value | CelError {
    try {
      const value = this.#init(this.#outer)
      if (isList(value) && value.size === 0) return new GrowingList()
      return isMap(value) && value.size === 0 ? new GrowingMap() : value
    } catch (error) {
      return caught(error)
    }
  }
}

/** Runs a comprehension's parts as its range has it. */
export function foldProgram(fold: Comprehension, plan: (part: Comprehension['range']) => Plan): Program {
  const [range, init, test, step, result] = [fold.range, fold.init, fold.condition, fold.step, fold.result].map(
    (part) => plan(part).evaluate,
  ) as [Program, Program, Program, Program, Program]
  const two = fold.second !== undefined
  return (outer) => {
    const over = range(outer)
    const scope = new FoldScope(fold, outer, init)
    const one = (first: Value, second: Value): boolean => {
      scope.first = first
      scope.second = second
      if (!goesOn(test, scope)) return false
      try {
        scope.accumulated = step(scope)
      } catch (error) {
        scope.accumulated = caught(error)
      }
      return true
    }
    if (isList(over)) {
      for (let index = 0; index < over.size; index++)
        if (!(two ? one(BigInt(index), over.at(index)) : one(over.at(index), null))) break
    } else if (isMap(over)) {
      for (const key of over.keys()) if (!one(key, two ? (over.get(key) ?? null) : null)) break
    } else throw new CelError(`got '${implementation(over)}', expected iterable type`)
    scope.ended = true
    return settled(result(scope))
  }
}

/** What upstream's errors call a value that nothing goes through. */
function implementation(value: Value): string {
  const kind = kindOf(value)
  return `types.${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
}

function goesOn(test: Program, scope: Scope): boolean {
  try {
    return test(scope) !== false
  } catch (error) {
    caught(error)
    return true
  }
}

/** What has grown is given away. */
function settled(value: Value): Value {
  return value instanceof GrowingList ? listOf(value.values) : value
}
