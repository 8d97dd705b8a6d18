import type { Checked } from '../check/checker.ts'
import { CelError } from '../error.ts'
import { callCost } from '../cost/runtime.ts'
import { dispatch } from '../functions/function.ts'
import type { Overload } from '../functions/function.ts'
import { functionLibrary } from '../functions/library.ts'
import { elementAt, keyName, valueAt } from '../functions/operators.ts'
import { typeNameOf } from '../functions/standard.ts'
import type { Call, Expression, Literal } from '../syntax/ast.ts'
import { runtimeName } from '../types/types.ts'
import {
  EntryMap,
  GrowingList,
  isList,
  isMap,
  kindOf,
  listOf,
  Optional,
  StructValue,
  TypeValue,
  Uint,
} from '../values/values.ts'
import type { Value } from '../values/values.ts'
import { foldProgram } from './fold.ts'
import { Meter } from './meter.ts'
import { caught, condition, scopeOf } from './program.ts'
import type { Plan, Program, Scope } from './program.ts'

/** Makes a program of an expression. @throws CelError for what is sure to fail before it runs */
export function compile(expression: Expression, checked: Checked): Program {
  return new Compiler(checked).plan(expression).evaluate
}

const constant = (value: Value): Plan => ({ constant: { value }, evaluate: () => value })

/** Functions whose outcome for a literal is computed once. */
const conversions = new Set('bool bytes double duration dyn int string timestamp type uint'.split(' '))

class Compiler {
  readonly #checked: Checked

  constructor(checked: Checked) {
    this.#checked = checked
  }

  readonly plan = (expression: Expression): Plan => {
    switch (expression.kind) {
      case 'literal':
        return constant(literalValue(expression.literal))
      case 'identifier':
        return this.#named(expression) ?? attribute(variable(expression.name))
      case 'select':
        return this.#named(expression) ?? this.#select(expression)
      case 'call':
        return this.#call(expression)
      case 'list':
        return this.#list(expression.elements)
      case 'map':
        return this.#map(expression)
      case 'struct':
        return this.#struct(expression)
      case 'comprehension':
        return { evaluate: foldProgram(expression, this.plan) }
    }
  }

  #named(expression: Expression): Plan | undefined {
    const name = this.#checked.variableNamed(expression)
    if (name !== undefined) return attribute(variable(name))
    const type = this.#checked.typeNamed(expression)
    return type && constant(new TypeValue(runtimeName(type)))
  }

  #select({ operand, field, test }: Extract<Expression, { kind: 'select' }>): Plan {
    const from = this.plan(operand)
    const base = from.resolve ?? from.evaluate
    if (!test) return attribute((scope) => qualified(base(scope), field, scope), from.chooses)
    const resolve: Program = (scope) => isPresent(base(scope), field, scope)
    if (!from.chooses) return { evaluate: resolve, resolve }
    const evaluate: Program = (scope) => {
      const present = resolve(scope)
      scope.meter.add(-1)
      return present
    }
    return { evaluate, resolve, chooses: true }
  }

  #call(call: Call): Plan {
    const { name, args } = call
    const [first, second, third] = args
    if (first && second) {
      if (name === '_&&_') return logical(this.plan(first).evaluate, this.plan(second).evaluate, false)
      if (name === '_||_') return logical(this.plan(first).evaluate, this.plan(second).evaluate, true)
      if (name === '_[_]' || name === '_[?_]' || name === '_?._') return this.#index(name, first, second)
      if (third && name === '_?_:_') return this.#conditional(first, second, third)
    }
    if (call.target && first && (name === 'or' || name === 'orValue') && this.#isOptional(call.target))
      return otherwise(this.plan(call.target).evaluate, this.plan(first).evaluate, name === 'or')
    if (first && name === '@not_strictly_false') return notFalse(this.plan(first).evaluate)
    return this.#function(call)
  }

  #isOptional(expression: Expression): boolean {
    const { kind } = this.#checked.typeOf(expression)
    return kind === 'optional' || kind === 'dyn'
  }

  #index(name: string, operand: Expression, index: Expression): Plan {
    const [from, by] = [this.plan(operand), this.plan(index)]
    const base = from.resolve ?? from.evaluate
    const key = by.resolve ?? by.evaluate
    if (name !== '_[_]') return attribute((scope) => optional(base(scope), key(scope), scope), from.chooses)
    return attribute((scope) => {
      const value = base(scope)
      if (value instanceof Optional) return optional(value, key(scope), scope)
      // Paid for even when the key can't be told.
      scope.meter.add(1)
      return found(value, key(scope))
    }, from.chooses)
  }

  #conditional(first: Expression, second: Expression, third: Expression): Plan {
    const test = this.plan(first).evaluate
    const [yes, no] = [this.plan(second), this.plan(third)]
    const [taken, other] = [yes.resolve ?? yes.evaluate, no.resolve ?? no.evaluate]
    const resolve: Program = (scope) => (condition(test(scope)) ? taken(scope) : other(scope))
    return { evaluate: resolve, resolve, chooses: true }
  }

  #function(call: Call): Plan {
    const fitting = this.#checked.overloadsOf(call)
    const [only] = fitting
    const member = call.target !== undefined && !this.#checked.isNamespaced(call)
    const name = member || !only ? call.name : only.name
    const args = (member && call.target ? [call.target, ...call.args] : call.args).map(this.plan)
    const overloads = fitting.length === 1 ? fitting : functionLibrary().find(name, member)
    const signature = fitting.length === 1 && only ? only.signature : ''
    const [first, second] = args
    if (signature === '@in(A,list)' && first && second?.constant && isSet(second.constant.value)) {
      const { value } = second.constant
      if (value.size === 0) return constant(false)
      // Known values are looked up, which is free.
      return { evaluate: (scope) => run(overloads, name, [first.evaluate(scope), value]) }
    }
    if (args.length === 1 && first?.constant && conversions.has(name))
      return constant(run(overloads, name, [first.constant.value]))
    const operands = args.map(({ evaluate }) => evaluate)
    const strict = args.length > 2 || (second?.constant !== undefined && patterned.has(name))
    return { evaluate: invocation(overloads, name, signature, operands, strict) }
  }

  #list(elements: readonly { readonly value: Expression; readonly optional: boolean }[]): Plan {
    const plans = elements.map(({ value, optional: maybe }) => ({ plan: this.plan(value), maybe }))
    const make: Program = (scope) => {
      scope.meter.add(10)
      const values: Value[] = []
      for (const { plan, maybe } of plans) {
        const value = held(plan.evaluate(scope), maybe)
        if (value !== undefined) values.push(value)
      }
      return listOf(values)
    }
    return folded(
      plans.every(({ plan }) => plan.constant),
      make,
    )
  }

  #map({ entries }: Extract<Expression, { kind: 'map' }>): Plan {
    const plans = entries.map(({ key, value, optional: maybe }) => ({
      key: this.plan(key),
      value: this.plan(value),
      maybe,
    }))
    const make: Program = (scope) => {
      scope.meter.add(30)
      const result = new EntryMap()
      for (const { key, value, maybe } of plans) {
        const name = key.evaluate(scope)
        const own = held(value.evaluate(scope), maybe)
        if (own !== undefined) result.set(name, own)
      }
      return result
    }
    return folded(
      plans.every(({ key, value }) => key.constant && value.constant),
      make,
    )
  }

  #struct({ name, fields }: Extract<Expression, { kind: 'struct' }>): Plan {
    const plans = fields.map((field) => ({ ...field, run: this.plan(field.value).evaluate }))
    return {
      evaluate(scope) {
        scope.meter.add(40)
        const result = new StructValue(name.replace(/^\./, ''))
        for (const { name: field, run: compute, optional: maybe } of plans) {
          const own = held(compute(scope), maybe)
          if (own !== undefined) result.set(field, own)
        }
        return result
      },
    }
  }
}

/** Computed once when all of it is known. */
function folded(known: boolean, make: Program): Plan {
  return known ? constant(make(scopeOf(new Map(), new Meter(Infinity)))) : { evaluate: make }
}

function literalValue(literal: Literal): Value {
  if (literal.kind === 'null') return null
  return literal.kind === 'uint' ? new Uint(literal.value) : literal.value
}

/** What leads to a value: the whole of it costs one, but for a choice. */
function attribute(resolve: Program, chooses = false): Plan {
  if (chooses) return { evaluate: resolve, resolve, chooses }
  return {
    resolve,
    evaluate(scope) {
      scope.meter.add(1)
      return resolve(scope)
    },
  }
}

function variable(name: string): Program {
  return (scope) => {
    const value = scope.get(name)
    if (value === undefined) throw new CelError(`no such attribute(s): ${name}`)
    return value
  }
}

function qualified(value: Value, key: Value, scope: Scope): Value {
  if (value instanceof Optional) return optional(value, key, scope)
  scope.meter.add(1)
  return found(value, key)
}

function found(value: Value, key: Value): Value {
  if (isMap(value)) return valueAt(value, key)
  if (isList(value)) return elementAt(value, key)
  throw new CelError(`no such key: ${keyName(key)}`)
}

function optional(value: Value, key: Value, scope: Scope): Optional {
  if (value instanceof Optional) return value.value === undefined ? value : optional(value.value, key, scope)
  const content = lookUp(value, key)
  if (content !== undefined) scope.meter.add(1)
  return new Optional(content)
}

function lookUp(value: Value, key: Value): Value | undefined {
  if (isMap(value)) return value.get(key)
  if (!isList(value)) return undefined
  const index = typeof key === 'bigint' ? Number(key) : key instanceof Uint ? Number(key.value) : key
  if (typeof index !== 'number') throw new CelError(`unsupported index type '${kindOf(key)}' in list`)
  return Number.isInteger(index) && index >= 0 && index < value.size ? value.at(index) : undefined
}

function isPresent(value: Value, field: string, scope: Scope): boolean {
  if (value instanceof Optional) return value.value !== undefined && isPresent(value.value, field, scope)
  scope.meter.add(1)
  if (!isMap(value)) return isList(value) && lookUp(value, field) !== undefined
  return value.has ? value.has(field) : value.get(field) !== undefined
}

/** What an element, entry or field comes to; `undefined`: it is left out. */
function held(value: Value, maybe: boolean): Value | undefined {
  if (!maybe) return value
  if (value instanceof Optional) return value.value
  throw new CelError(`cannot initialize optional list element from non-optional value ${kindOf(value)}`)
}

/** What decides alone, decides, whatever the other side comes to. */
function logical(left: Program, right: Program, decisive: boolean): Plan {
  return {
    evaluate(scope) {
      let failure: CelError | undefined
      try {
        if (condition(left(scope)) === decisive) return decisive
      } catch (error) {
        failure = caught(error)
      }
      try {
        if (condition(right(scope)) === decisive) return decisive
      } catch (error) {
        failure ??= caught(error)
      }
      if (failure) throw failure
      return !decisive
    },
  }
}

/** The second value is computed when there is no first one. */
function otherwise(left: Program, right: Program, whole: boolean): Plan {
  return {
    evaluate(scope) {
      const first = left(scope)
      if (!(first instanceof Optional)) throw new CelError('no such overload')
      if (first.value === undefined) return right(scope)
      return whole ? first : first.value
    },
  }
}

function notFalse(operand: Program): Plan {
  return {
    evaluate(scope) {
      scope.meter.add(1)
      try {
        return operand(scope) !== false
      } catch (error) {
        caught(error)
        return true
      }
    },
  }
}

function isSet(value: Value): value is ReturnType<typeof listOf> {
  if (!isList(value)) return false
  for (let index = 0; index < value.size; index++)
    if (!['bool', 'double', 'int', 'null', 'string', 'uint'].includes(kindOf(value.at(index)))) return false
  return true
}

function run(overloads: readonly Overload[], name: string, values: readonly Value[]): Value {
  const overload = dispatch(overloads, values)
  if (!overload) throw new CelError(unfit(name, values))
  return overload.run(...(values as never[]))
}

const untold = /^(?:_(?:[-+*/%<>]|[<>]=)_|size|-_)$/

/** Kinds with functions of their own. */
const receivers = new Set(['string', 'timestamp', 'duration'])

/** Of one argument, and told with its type. */
const converting = /^(?:bool|bytes|double|duration|int|string|timestamp|uint|get[A-Z]\w*)$/

/** Values of a kind that a function is never called on are told otherwise than those it does not fit together with. */
function unfit(name: string, values: readonly Value[]): string {
  const [first = null] = values
  if (values.length === 1 && converting.test(name)) return `no such overload: ${name}(${typeNameOf(first)})`
  if (!untold.test(name)) return 'no such overload'
  const own = kindOf(first)
  const known =
    receivers.has(own) ||
    functionLibrary()
      .find(name, false)
      .some(({ kinds: [kind] }) => kind === own)
  return known || (name === '-_' && own === 'bool') ? 'no such overload' : `no such overload: ${name}`
}

/** Functions whose pattern is read once where it is a literal: they are given up at the first argument that fails. */
const patterned = new Set(['matches', 'find', 'findAll'])

/** Calls a function: of two arguments both are computed, even when the first fails. */
function invocation(
  overloads: readonly Overload[],
  name: string,
  signature: string,
  operands: readonly Program[],
  strict: boolean,
): Program {
  return (scope) => {
    const values: Value[] = []
    let failure: CelError | undefined
    for (const operand of operands) {
      try {
        values.push(operand(scope))
      } catch (error) {
        failure ??= caught(error)
        if (strict && values.length < operands.length - 1) break
        values.push(null)
      }
    }
    if (failure) {
      if (values.length === operands.length) scope.meter.add(callCost(name, signature, values, null))
      throw failure
    }
    return called(overloads, name, signature, values, scope)
  }
}

function called(
  overloads: readonly Overload[],
  name: string,
  signature: string,
  values: readonly Value[],
  scope: Scope,
): Value {
  const [target] = values
  // What a comprehension collects is added to in its place.
  if (name === '_+_' && target instanceof GrowingList) {
    scope.meter.add(1)
    const added = values[1] as Value
    if (!isList(added)) throw new CelError('no such overload')
    for (let index = 0; index < added.size; index++) target.values.push(added.at(index))
    return target
  }
  let result: Value
  try {
    result = run(overloads, name, values)
  } catch (error) {
    const failure = caught(error)
    scope.meter.add(callCost(name, signature, values, null))
    throw failure
  }
  scope.meter.add(callCost(name, signature, values, result))
  return result
}
