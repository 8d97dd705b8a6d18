import type { Checked } from '../check/checker.ts'
import { accumulatorName, qualifiedName, unusedName } from '../syntax/ast.ts'
import type { Call, Comprehension, Expression } from '../syntax/ast.ts'
import type { CelType } from '../types/types.ts'
import { estimateCall } from './calls.ts'
import { add, cover, exactly, times, unknown } from './range.ts'
import type { Range } from './range.ts'
import { characterCount } from './sizes.ts'

/** How large a value can get that an expression reaches by a path: `['self', 'spec', '@items']`. */
export type SizeOfPath = (path: readonly string[]) => Range | undefined

/** Sizes of what is in a list or map. */
interface EntrySizes {
  readonly listed: boolean
  readonly key: Range
  readonly value: Range
}

interface LocalVariable {
  readonly path: readonly string[]
  readonly size: Range | undefined
  readonly entries: EntrySizes | undefined
}

/** A part of an expression as functions' costs see it. */
export interface Estimated {
  readonly expression?: Expression
  readonly type: CelType
  readonly path: readonly string[]
  /** As far as the expression tells it. */
  readonly size: Range | undefined
}

/** What an expression costs at least and at most, however large values are that it meets. */
export function estimateCost(expression: Expression, checked: Checked, sizeOfPath: SizeOfPath): Range {
  return new Estimator(checked, sizeOfPath).cost(expression)
}

const one = exactly(1)
const zero = exactly(0)

class Estimator {
  readonly #checked: Checked
  readonly sizeOfPath: SizeOfPath
  readonly #paths = new Map<Expression, readonly string[]>()
  readonly #locals = new Map<string, LocalVariable[]>()
  readonly #sizes = new Map<Expression, Range>()
  readonly #entries = new Map<Expression, EntrySizes>()

  constructor(checked: Checked, sizeOfPath: SizeOfPath) {
    this.#checked = checked
    this.sizeOfPath = (path) => (path.length === 0 ? undefined : sizeOfPath(path))
  }

  cost(expression: Expression): Range {
    switch (expression.kind) {
      case 'literal':
        return zero
      case 'identifier':
        this.#paths.set(expression, this.#local(expression.name)?.path ?? [expression.name])
        return one
      case 'select':
        return this.#select(expression)
      case 'call':
        return this.#call(expression)
      case 'list': {
        const costs = expression.elements.map(({ value }) => this.cost(value))
        const sizes = expression.elements.map(({ value }) => this.#sizeOrUnknown(value))
        this.#entries.set(expression, { listed: true, key: one, value: covering(sizes) })
        return costs.reduce(add, exactly(10))
      }
      case 'map': {
        const costs = expression.entries.map(({ key, value }) => add(this.cost(key), this.cost(value)))
        const keys = covering(expression.entries.map(({ key }) => this.#sizeOrUnknown(key)))
        const values = covering(expression.entries.map(({ value }) => this.#sizeOrUnknown(value)))
        this.#entries.set(expression, { listed: false, key: keys, value: values })
        return costs.reduce(add, exactly(30))
      }
      case 'struct':
        return expression.fields.map(({ value }) => this.cost(value)).reduce(add, exactly(40))
      case 'comprehension':
        return this.#isBinding(expression) ? this.#binding(expression) : this.#comprehension(expression)
    }
  }

  #select(expression: Extract<Expression, { kind: 'select' }>): Range {
    if (this.#checked.typeNamed(expression) || this.#checked.variableNamed(expression) !== undefined) {
      this.#paths.set(expression, [qualifiedName(expression) ?? ''])
      return one
    }
    const { operand, field, test } = expression
    const cost = this.cost(operand)
    if (test) return cost
    const { kind } = this.#checked.typeOf(operand)
    this.#paths.set(expression, [...this.#path(operand), field])
    return kind === 'map' || kind === 'object' ? add(cost, one) : cost
  }

  #call(call: Call & Expression): Range {
    const { name, args, target } = call
    const [argument] = args
    if (name === 'dyn' && argument) {
      const cost = this.cost(argument)
      this.#copySizes(call, argument)
      return add(cost, one)
    }
    const costs = args.map((arg) => this.cost(arg))
    const nodes = args.map((arg) => this.#node(arg))
    const overloads = this.#checked.overloadsOf(call)
    // Fields by optional access are told by their name alone.
    if (overloads.length === 0) return name === '_?._' ? costs.reduce(add, one) : zero
    const member = target !== undefined && !this.#checked.isNamespaced(call)
    const before = member && target ? this.cost(target) : zero
    const on = member && target ? this.#node(target) : undefined
    let cost: Range = { min: Infinity, max: 0 }
    let size: Range | undefined
    for (const { name: full, signature } of overloads) {
      const own = this.#overload(call, full, signature, on, nodes, costs)
      cost = cover(cost, own.cost)
      if (own.size) size = size ? cover(size, own.size) : own.size
      if (argument && (signature === '_[_](list,int)' || signature === '_[_](map,A)')) {
        size = this.#entriesOf(argument)?.value
        this.#paths.set(call, [...this.#path(argument), signature === '_[_](list,int)' ? '@items' : '@values'])
      }
      size ??= this.#size(call)
    }
    if (size) this.#sizes.set(call, size)
    return add(before, cost)
  }

  #overload(
    call: Call & Expression,
    name: string,
    signature: string,
    target: Estimated | undefined,
    args: readonly Estimated[],
    costs: readonly Range[],
  ): { readonly cost: Range; readonly size?: Range | undefined } {
    const sum = costs.reduce(add, zero)
    const known = estimateCall(name, signature, target, args, this.sizeOfPath)
    if (known) return { cost: add(known.cost, sum), size: known.size }
    const [first = zero, second = zero, third = zero] = costs
    const [a, b, c] = call.args
    if (name === '_&&_' || name === '_||_') return { cost: { min: first.min, max: add(first, second).max } }
    if (name === '_?_:_' && b && c) {
      const entries = bothEntries(this.#entriesOf(b), this.#entriesOf(c))
      if (entries) this.#entries.set(call, entries)
      const size = cover(this.#sizeOrUnknown(b), this.#sizeOrUnknown(c))
      return { cost: add(first, cover(second, third)), size }
    }
    if (name === '_+_' && a && b && /\((string|bytes|list),/.test(signature)) {
      const size = add(this.#sizeOrUnknown(a), this.#sizeOrUnknown(b))
      const entries = bothEntries(this.#entriesOf(a), this.#entriesOf(b))
      if (entries) this.#entries.set(call, entries)
      return { cost: add(signature.includes('list') ? one : times(size, 0.1), sum), size }
    }
    return { cost: add(one, sum) }
  }

  #comprehension(fold: Comprehension & Expression): Range {
    const { range, variable, second, accumulator, init, condition, step, result } = fold
    const start = add(this.cost(range), this.cost(init))
    this.#push(accumulator, this.#localOf(init))
    const entries = this.#entriesOf(range)
    const listed = entries?.listed ?? this.#checked.typeOf(range).kind === 'list'
    const path = this.#path(range)
    const values = { path: [...path, listed ? '@items' : '@values'], size: entries?.value, entries: undefined }
    const keys = { path: [...path, listed ? '@indices' : '@keys'], size: entries?.key, entries: undefined }
    if (second === undefined) this.#push(variable, listed ? values : keys)
    else {
      this.#push(variable, keys)
      this.#push(second, values)
    }
    const each = add(this.cost(condition), this.cost(step))
    this.#pop(variable)
    if (second !== undefined) this.#pop(second)
    const end = this.cost(result)
    this.#pop(accumulator)
    const count = this.#sizeOrUnknown(range)
    if (init.kind === 'literal') {
      const size = this.#size(init)
      if (size) this.#sizes.set(fold, size)
    } else if (init.kind === 'list' || init.kind === 'map') {
      this.#sizes.set(fold, count)
      const collected = this.#entriesOf(step)
      if (collected) this.#entries.set(fold, collected)
    }
    return add(add(start, end), { min: product(count.min, each.min), max: product(count.max, each.max) })
  }

  #isBinding({ range, condition, variable }: Comprehension): boolean {
    return (
      variable === unusedName && range.kind === 'list' && range.elements.length === 0 && condition.kind === 'literal'
    )
  }

  #binding(fold: Comprehension & Expression): Range {
    const start = add(this.cost(fold.range), this.cost(fold.init))
    this.#push(fold.accumulator, this.#localOf(fold.init))
    const cost = add(start, this.cost(fold.result))
    this.#pop(fold.accumulator)
    this.#copySizes(fold, fold.result)
    return cost
  }

  #localOf(expression: Expression): LocalVariable {
    return { path: this.#path(expression), size: this.#size(expression), entries: this.#entriesOf(expression) }
  }

  #push(name: string, variable: LocalVariable): void {
    const known = this.#locals.get(name)
    if (known) known.push(variable)
    else this.#locals.set(name, [variable])
  }

  #pop(name: string): void {
    this.#locals.get(name)?.pop()
  }

  #local(name: string): LocalVariable | undefined {
    return this.#locals.get(name)?.at(-1)
  }

  #path(expression: Expression): readonly string[] {
    const local = expression.kind === 'identifier' ? this.#local(expression.name) : undefined
    return local?.path ?? this.#paths.get(expression) ?? []
  }

  #node(expression: Expression): Estimated {
    const path = this.#path(expression)
    return {
      expression,
      type: this.#checked.typeOf(expression),
      path: path[0] === accumulatorName ? [] : path,
      size: this.#size(expression),
    }
  }

  #copySizes(to: Expression, from: Expression): void {
    const [size, entries] = [this.#size(from), this.#entriesOf(from)]
    if (size) this.#sizes.set(to, size)
    if (entries) this.#entries.set(to, entries)
  }

  #sizeOrUnknown(expression: Expression): Range {
    return this.#size(expression) ?? unknown
  }

  #size(expression: Expression): Range | undefined {
    const known = this.#sizes.get(expression) ?? literalSize(expression)
    if (known) return known
    const found = this.sizeOfPath(this.#path(expression))
    if (found) {
      this.#sizes.set(expression, found)
      return found
    }
    if (isScalar(this.#checked.typeOf(expression))) return one
    return expression.kind === 'identifier' ? this.#local(expression.name)?.size : undefined
  }

  #entriesOf(expression: Expression): EntrySizes | undefined {
    const known = this.#entries.get(expression)
    if (known || expression.kind !== 'identifier') return known
    return this.#local(expression.name)?.entries
  }
}

const product = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

function covering(sizes: readonly Range[]): Range {
  return sizes.length === 0 ? zero : sizes.reduce(cover)
}

function bothEntries(a: EntrySizes | undefined, b: EntrySizes | undefined): EntrySizes | undefined {
  return a && b && { listed: a.listed, key: cover(a.key, b.key), value: cover(a.value, b.value) }
}

function literalSize(expression: Expression): Range | undefined {
  if (expression.kind === 'list') return exactly(expression.elements.length)
  if (expression.kind === 'map') return exactly(expression.entries.length)
  if (expression.kind !== 'literal') return undefined
  const { literal } = expression
  if (literal.kind === 'string') return exactly(characterCount(literal.value))
  return exactly(literal.kind === 'bytes' ? literal.value.length : 1)
}

/** Whether values of the type are all of one size. */
function isScalar(type: CelType): boolean {
  if (type.kind === 'optional') return isScalar(type.of)
  return ['bool', 'double', 'duration', 'int', 'timestamp', 'uint'].includes(type.kind)
}
