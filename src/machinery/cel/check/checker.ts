import type { Issue } from '../error.ts'
import type { Overload } from '../functions/function.ts'
import { functionLibrary } from '../functions/library.ts'
import { qualifiedName } from '../syntax/ast.ts'
import type { Call, Comprehension, Expression, MapEntry, StructField } from '../syntax/ast.ts'
import { bool, dyn, errorType, int, listType, mapType, typeName } from '../types/types.ts'
import type { CelType } from '../types/types.ts'
import { allAssignable, appliedTo, assignable, mostGeneral, sameType, substitute } from '../types/unify.ts'
import type { Bindings } from '../types/unify.ts'
import { typeNamed } from './type-names.ts'

/** Types of the variables that an expression may name. */
export type Variables = ReadonlyMap<string, CelType>

/** Types of objects that an expression may make, by name. */
export type Structs = (name: string) => Extract<CelType, { kind: 'object' }> | undefined

export interface Checked {
  readonly type: CelType
  readonly issues: readonly Issue[]
  /** Variables that the expression names. */
  readonly used: ReadonlySet<string>
  /** The type of every node. */
  typeOf(expression: Expression): CelType
  /** What of a function a call can mean; more than one where types are known only when it runs. */
  overloadsOf(call: Call): readonly Overload[]
  /** Whether the call's target is but the first part of the function's name: `optional.of`. */
  isNamespaced(call: Call): boolean
  /** The type that a name stands for, where it is no variable. */
  typeNamed(expression: Expression): CelType | undefined
  /** The variable that a name stands for, of one word or several. */
  variableNamed(expression: Expression): string | undefined
}

/** Finds out the type of an expression, and what in it can't work. */
export function check(expression: Expression, variables: Variables, structs?: Structs): Checked {
  const checker = new Checker(structs)
  checker.check(expression, variables)
  return checker.outcome(expression)
}

class Checker {
  readonly #issues: Issue[] = []
  readonly #used = new Set<string>()
  readonly #types = new Map<Expression, CelType>()
  readonly #overloads = new Map<Expression, readonly Overload[]>()
  readonly #namespaced = new Set<Expression>()
  readonly #named = new Map<Expression, CelType>()
  readonly #variables = new Map<Expression, string>()
  readonly #structs: Structs
  readonly #bindings: Bindings = new Map()
  #parameters = 0

  readonly #patches: boolean

  constructor(structs: Structs | undefined) {
    this.#structs = structs ?? (() => undefined)
    this.#patches = structs !== undefined
  }

  outcome(expression: Expression): Checked {
    const typeOf = (one: Expression): CelType => substitute(this.#bindings, this.#types.get(one) ?? dyn, true)
    return {
      type: typeOf(expression),
      issues: this.#issues,
      used: this.#used,
      typeOf,
      overloadsOf: (call) => this.#overloads.get(call) ?? [],
      isNamespaced: (call) => this.#namespaced.has(call),
      typeNamed: (one) => this.#named.get(one),
      variableNamed: (one) => this.#variables.get(one),
    }
  }

  check(expression: Expression, scope: Variables): CelType {
    const type = this.#checkOne(expression, scope)
    this.#types.set(expression, type)
    return type
  }

  #problem(at: number, message: string): CelType {
    this.#issues.push({ offset: at, message })
    return errorType
  }

  #checkOne(expression: Expression, scope: Variables): CelType {
    switch (expression.kind) {
      case 'literal':
        return { kind: expression.literal.kind }
      case 'identifier':
        return this.#identifier(expression, expression.name, scope) ?? this.#undeclared(expression.at, expression.name)
      case 'select':
        return this.#select(expression, scope)
      case 'call':
        return this.#call(expression, scope)
      case 'list':
        return this.#list(expression.elements, scope)
      case 'map':
        return this.#map(expression.entries, scope)
      case 'struct':
        return this.#struct(expression.name, expression.fields, expression.at, scope)
      case 'comprehension':
        return this.#comprehension(expression, scope)
    }
  }

  #identifier(expression: Expression, name: string, scope: Variables): CelType | undefined {
    const plain = name.replace(/^\./, '')
    const type = scope.get(plain)
    if (type) {
      this.#used.add(plain)
      this.#variables.set(expression, plain)
      return type
    }
    const named = typeNamed(plain) ?? this.#structs(plain)
    if (!named) return undefined
    this.#named.set(expression, named)
    return { kind: 'type', of: named }
  }

  #undeclared(at: number, name: string): CelType {
    return this.#problem(at, `undeclared reference to '${name}' (in container '')`)
  }

  #select(expression: Extract<Expression, { kind: 'select' }>, scope: Variables): CelType {
    const name = qualifiedName(expression)
    const named = name === undefined ? undefined : this.#identifier(expression, name, scope)
    if (named) return named
    const type = this.#selectField(expression.operand, expression.field, false, expression.at, scope)
    return expression.test ? bool : substitute(this.#bindings, type, false)
  }

  #selectField(operand: Expression, field: string, optional: boolean, at: number, scope: Variables): CelType {
    const operandType = substitute(this.#bindings, this.check(operand, scope), false)
    const target = operandType.kind === 'optional' ? operandType.of : operandType
    const type = this.#fieldType(target, field, at)
    return operandType.kind === 'optional' || optional ? { kind: 'optional', of: type } : type
  }

  #fieldType(target: CelType, field: string, at: number): CelType {
    switch (target.kind) {
      case 'map':
        return target.value
      case 'object':
        return target.field(field) ?? this.#problem(at, `undefined field '${field}'`)
      case 'parameter':
        assignable(this.#bindings, dyn, target)
        return dyn
      case 'dyn':
      case 'error':
        return dyn
      case 'opaque':
        if (target.name.startsWith('kubernetes.'))
          return this.#problem(at, `unexpected failed resolution of '${target.name}'`)
        this.#problem(at, `type '${target.name}' does not support field selection`)
        return dyn
      default:
        this.#problem(at, `type '${typeName(target)}' does not support field selection`)
        return dyn
    }
  }

  #call(call: Call & Expression, scope: Variables): CelType {
    const { name, target, args, at } = call
    const [operand, field] = args
    if (name === '_?._' && operand && field?.kind === 'literal' && field.literal.kind === 'string')
      return substitute(this.#bindings, this.#selectField(operand, field.literal.value, true, at, scope), false)
    const types = args.map((arg) => this.check(arg, scope))
    const prefix = target && qualifiedName(target)
    const full = prefix === undefined ? name : `${prefix.replace(/^\./, '')}.${name}`
    if (!target || (prefix !== undefined && this.#isFunction(full))) {
      if (target) this.#namespaced.add(call)
      return this.#resolve(call, full, types, false)
    }
    const own = this.check(target, scope)
    return this.#resolve(call, name, [own, ...types], true)
  }

  /** Paths of patches are of use to those only who make objects. */
  #isFunction(name: string): boolean {
    if (name.startsWith('jsonpatch.') && !this.#patches) return false
    const library = functionLibrary()
    return library.find(name, true).length > 0 || library.find(name, false).length > 0
  }

  #resolve(call: Call & Expression, name: string, types: readonly CelType[], member: boolean): CelType {
    const plain = member ? name : name.replace(/^\./, '')
    if (!this.#isFunction(plain)) return this.#undeclared(call.at, name)
    const overloads = functionLibrary().find(plain, member)
    if (plain === '_&&_' || plain === '_||_') {
      this.#overloads.set(call, overloads)
      return this.#logical(call, types)
    }
    const fitting: Overload[] = []
    let result: CelType | undefined
    for (const overload of overloads) {
      const { parameters, result: declared } = this.#instance(overload)
      if (!allAssignable(this.#bindings, types, parameters)) continue
      fitting.push(overload)
      const found = substitute(this.#bindings, declared, false)
      // Several fit where a type is not known: then neither is the result, unless they agree.
      if (!result) result = found
      else if (result.kind !== 'dyn' && !sameType(result, found)) result = dyn
    }
    this.#overloads.set(call, fitting)
    if (result) return result
    const known = types.map((type) => substitute(this.#bindings, type, true))
    return this.#problem(call.at, `found no matching overload for '${plain}' applied to '${appliedTo(known, member)}'`)
  }

  /** The overload with parameters that stand for nothing yet. */
  #instance({ parameters, result }: Overload): Pick<Overload, 'parameters' | 'result'> {
    const fresh: Bindings = new Map()
    for (const type of [result, ...parameters]) collectParameters(type, fresh, () => this.#unknown())
    if (fresh.size === 0) return { parameters, result }
    return {
      parameters: parameters.map((parameter) => substitute(fresh, parameter, false)),
      result: substitute(fresh, result, false),
    }
  }

  #unknown(): CelType {
    return { kind: 'parameter', name: `_var${this.#parameters++}` }
  }

  #logical({ args }: Call, types: readonly CelType[]): CelType {
    let type = bool
    types.forEach((one, index) => {
      if (!assignable(this.#bindings, one, bool)) type = this.#mismatch(args[index]?.at ?? 0, bool, one)
    })
    return type
  }

  #mismatch(at: number, wanted: CelType, found: CelType): CelType {
    return this.#problem(at, `expected type '${typeName(wanted)}' but found '${typeName(found)}'`)
  }

  #list(elements: readonly { readonly value: Expression; readonly optional: boolean }[], scope: Variables): CelType {
    let element: CelType | undefined
    for (const { value, optional } of elements) {
      const type = this.check(value, scope)
      element = this.#joined(element, optional ? this.#within(value, type) : type)
    }
    return listType(element ?? this.#unknown())
  }

  /** What an optional may hold. */
  #within({ at }: Expression, type: CelType): CelType {
    if (type.kind === 'optional') return type.of
    if (type.kind !== 'dyn') this.#mismatch(at, { kind: 'optional', of: type }, type)
    return type
  }

  /** The type of values that stand together. */
  #joined(before: CelType | undefined, type: CelType): CelType {
    if (!before) return type
    return assignable(this.#bindings, before, type) ? mostGeneral(before, type) : dyn
  }

  #map(entries: readonly MapEntry[], scope: Variables): CelType {
    let keyType: CelType | undefined
    let valueType: CelType | undefined
    for (const { key, value, optional } of entries) {
      keyType = this.#joined(keyType, this.check(key, scope))
      const type = this.check(value, scope)
      valueType = this.#joined(valueType, optional ? this.#within(value, type) : type)
    }
    return mapType(keyType ?? this.#unknown(), valueType ?? this.#unknown())
  }

  #struct(name: string, fields: readonly StructField[], at: number, scope: Variables): CelType {
    const struct = this.#structs(name.replace(/^\./, ''))
    if (!struct) {
      const known = scope.get(name) ?? typeNamed(name)
      if (!known) return this.#undeclared(at, name)
      return this.#problem(
        at,
        scope.has(name) ? `'${typeName(known)}' is not a type` : `'${name}' is not a message type`,
      )
    }
    for (const { name: field, value, optional, at: place } of fields) {
      const given = this.check(value, scope)
      const wanted = struct.field(field)
      const own = optional ? this.#within(value, given) : given
      if (wanted && assignable(this.#bindings, wanted, own)) continue
      const names = [wanted ? typeName(wanted) : '', typeName(own)]
      this.#problem(place, `expected type of field '${field}' is '${names[0]}' but provided type is '${names[1]}'`)
    }
    return struct
  }

  #comprehension(expression: Comprehension, scope: Variables): CelType {
    const { range, variable, second, accumulator, init, condition, step, result } = expression
    this.check(range, scope)
    const accumulated = this.check(init, scope)
    const outer = new Map(scope).set(accumulator, accumulated)
    const inner = new Map(outer)
    const [first, other] = this.#iterated(range, second !== undefined)
    inner.set(variable, first)
    if (second !== undefined) inner.set(second, other)
    this.#has(condition, this.check(condition, inner), bool)
    this.#has(step, this.check(step, inner), accumulated)
    return substitute(this.#bindings, this.check(result, outer), false)
  }

  #has({ at }: Expression, type: CelType, wanted: CelType): void {
    if (!assignable(this.#bindings, wanted, type)) this.#mismatch(at, wanted, type)
  }

  /** Types of the variables that go through a range; of one alone, the first. */
  #iterated(range: Expression, two: boolean): readonly [CelType, CelType] {
    const type = substitute(this.#bindings, this.#types.get(range) ?? dyn, false)
    switch (type.kind) {
      case 'list':
        return two ? [int, type.element] : [type.element, dyn]
      case 'map':
        return [type.key, type.value]
      case 'dyn':
      case 'error':
      case 'parameter':
        assignable(this.#bindings, dyn, type)
        return [dyn, dyn]
      default: {
        const found = typeName(type)
        const message = `expression of type '${found}' cannot be range of a comprehension (must be list, map, or dynamic)`
        this.#problem(range.at, message)
        return [errorType, errorType]
      }
    }
  }
}

function collectParameters(type: CelType, into: Bindings, fresh: () => CelType): void {
  switch (type.kind) {
    case 'parameter':
      if (!into.has(type.name)) into.set(type.name, fresh())
      return
    case 'list':
      return collectParameters(type.element, into, fresh)
    case 'map':
      collectParameters(type.key, into, fresh)
      return collectParameters(type.value, into, fresh)
    case 'optional':
      return collectParameters(type.of, into, fresh)
    case 'type':
      if (type.of) collectParameters(type.of, into, fresh)
      return
    default:
  }
}
