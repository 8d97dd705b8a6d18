import type { Issue } from '../error.ts'
import { functionLibrary } from '../functions/library.ts'
import { qualifiedName } from '../syntax/ast.ts'
import type { Expression } from '../syntax/ast.ts'
import { assignable, bool, dyn, int, joined, listType, mapType, string, substitute, typeName } from '../types/types.ts'
import type { Bindings, CelType } from '../types/types.ts'

/** Types of the variables that an expression may name. */
export type Variables = ReadonlyMap<string, CelType>

export interface Checked {
  readonly type: CelType
  readonly issues: readonly Issue[]
  /** Variables that the expression names. */
  readonly used: ReadonlySet<string>
}

/** Names of types, which are values too. */
const typeNames = new Set([
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'dyn',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
])

/** Types of objects that an expression may make, by name. */
export type Structs = (name: string) => Extract<CelType, { kind: 'object' }> | undefined

/** Finds out the type of an expression, and what in it can't work. */
export function check(expression: Expression, variables: Variables, structs: Structs = () => undefined): Checked {
  const checker = new Checker(structs)
  const type = checker.typeOf(expression, variables)
  return { type, issues: checker.issues.length > 0 ? checker.issues : checker.mixtures, used: checker.used }
}

export function isTypeName(name: string): boolean {
  return typeNames.has(name)
}

class Checker {
  readonly issues: Issue[] = []
  /** Literals of lists and maps that hold values of several types. */
  readonly mixtures: Issue[] = []
  readonly used = new Set<string>()
  readonly #structs: Structs
  /** Within what takes lists of anything. */
  #mixed = false

  constructor(structs: Structs) {
    this.#structs = structs
  }

  #problem(at: number, message: string): CelType {
    this.issues.push({ offset: at, message })
    return dyn
  }

  typeOf(expression: Expression, scope: Variables): CelType {
    switch (expression.kind) {
      case 'literal':
        return { kind: expression.literal.kind }
      case 'identifier':
        return this.#identifier(expression.name, expression.at, scope)
      case 'select':
        return this.#select(expression, scope)
      case 'has': {
        const operand = this.typeOf(expression.operand, scope)
        this.#field(operand, expression.field, expression.at)
        return bool
      }
      case 'call':
        return this.#call(expression, scope)
      case 'list': {
        let element: CelType | undefined
        for (const { value, optional } of expression.elements) {
          const type = this.typeOf(value, scope)
          const own = optional && type.kind === 'optional' ? type.of : type
          element = this.#alike(element, own, value.at)
        }
        return listType(element ?? dyn)
      }
      case 'map':
        return this.#map(expression, scope)
      case 'struct':
        return this.#struct(expression, scope)
      case 'macro':
        return this.#macro(expression, scope)
      case 'optional': {
        const operand = this.typeOf(expression.operand, scope)
        const inner = operand.kind === 'optional' ? operand.of : dyn
        const body = this.typeOf(expression.body, bound(scope, expression.variable, inner))
        return expression.flat ? body : { kind: 'optional', of: body }
      }
      case 'bind': {
        const value = this.typeOf(expression.value, scope)
        return this.typeOf(expression.body, bound(scope, expression.variable, value))
      }
    }
  }

  #identifier(name: string, at: number, scope: Variables): CelType {
    const type = scope.get(name)
    if (type) {
      this.used.add(name)
      return type
    }
    if (isTypeName(name)) return { kind: 'type', of: dyn }
    return this.#problem(at, `undeclared reference to '${name}' (in container '')`)
  }

  #select(expression: Extract<Expression, { kind: 'select' }>, scope: Variables): CelType {
    const name = qualifiedName(expression)
    if (name !== undefined && isTypeName(name)) return { kind: 'type', of: dyn }
    const operand = this.typeOf(expression.operand, scope)
    const type = this.#field(operand, expression.field, expression.at)
    return expression.optional && type.kind !== 'optional' ? { kind: 'optional', of: type } : type
  }

  #field(operand: CelType, field: string, at: number): CelType {
    switch (operand.kind) {
      case 'dyn':
        return dyn
      case 'map':
        return operand.value
      case 'optional':
        return { kind: 'optional', of: this.#field(operand.of, field, at) }
      case 'object':
        return operand.field(field) ?? this.#problem(at, `undefined field '${field}'`)
      default:
        return this.#problem(at, `type '${typeName(operand)}' does not support field selection`)
    }
  }

  #call({ name, target, args, at }: Extract<Expression, { kind: 'call' }>, scope: Variables): CelType {
    const namespaced = target && namespacedName(target, name, scope)
    if (target && namespaced === undefined) {
      const own = this.typeOf(target, scope)
      const before = this.#mixed
      this.#mixed ||= name === 'format'
      const types = args.map((arg) => this.typeOf(arg, scope))
      this.#mixed = before
      return this.#resolve(name, true, [own, ...types], at)
    }
    const types = args.map((arg) => this.typeOf(arg, scope))
    if (name === '_&&_' || name === '_||_') return this.#logical(name, types, at)
    if (name === '_?_:_') return this.#conditional(types, at)
    return this.#resolve(namespaced ?? name, false, types, at)
  }

  #logical(name: string, types: readonly CelType[], at: number): CelType {
    if (types.every((type) => assignable(bool, type, new Map()))) return bool
    return this.#noOverload(name, types, at, false)
  }

  #conditional(types: readonly CelType[], at: number): CelType {
    const [condition = dyn, yes = dyn, no = dyn] = types
    if (!assignable(bool, condition, new Map())) return this.#noOverload('_?_:_', types, at, false)
    if (assignable(yes, no, new Map())) return ofAnything(yes) && yes.kind === no.kind ? no : yes
    return assignable(no, yes, new Map()) ? no : this.#noOverload('_?_:_', types, at, false)
  }

  #resolve(name: string, member: boolean, types: readonly CelType[], at: number): CelType {
    const overloads = functionLibrary().find(name, member)
    if (overloads.length === 0) {
      // What is known to be called otherwise is known.
      if (functionLibrary().find(name, !member).length > 0) return this.#noOverload(name, types, at, member)
      return this.#problem(at, `undeclared reference to '${name}' (in container '')`)
    }
    let result: CelType | undefined
    for (const { parameters, result: declared } of overloads) {
      if (parameters.length !== types.length) continue
      const bindings: Bindings = new Map()
      if (!parameters.every((parameter, index) => assignable(parameter, types[index] ?? dyn, bindings))) continue
      const found = substitute(declared, bindings)
      // Several fit where a type is not known: then neither is the result, unless they agree.
      result = result && typeName(result) !== typeName(found) ? dyn : found
    }
    return result ?? this.#noOverload(name, types, at, member)
  }

  #noOverload(name: string, types: readonly CelType[], at: number, member: boolean): CelType {
    const [first, ...rest] = types.map(typeName)
    const applied = member ? `${first}.(${rest.join(', ')})` : `(${types.map(typeName).join(', ')})`
    return this.#problem(at, `found no matching overload for '${name}' applied to '${applied}'`)
  }

  /** The type of values that stand together: they have to have the same. */
  #alike(known: CelType | undefined, own: CelType, at: number): CelType {
    if (!known) return own
    const type = joined(known, own)
    if (!type && !this.#mixed)
      this.mixtures.push({ offset: at, message: `expected type '${typeName(known)}' but found '${typeName(own)}'` })
    return type ?? dyn
  }

  #map({ entries }: Extract<Expression, { kind: 'map' }>, scope: Variables): CelType {
    let key: CelType | undefined
    let value: CelType | undefined
    for (const entry of entries) {
      const keyType = this.typeOf(entry.key, scope)
      const type = this.typeOf(entry.value, scope)
      const own = entry.optional && type.kind === 'optional' ? type.of : type
      key = this.#alike(key, keyType, entry.key.at)
      value = this.#alike(value, own, entry.value.at)
    }
    return mapType(key ?? dyn, value ?? dyn)
  }

  #struct({ name, fields, at }: Extract<Expression, { kind: 'struct' }>, scope: Variables): CelType {
    const struct = this.#structs(name)
    for (const { name: field, value, optional, at: place } of fields) {
      const given = this.typeOf(value, scope)
      const own = optional && given.kind === 'optional' ? given.of : given
      if (!struct) continue
      const wanted = struct.field(field)
      if (!wanted || !assignable(wanted, own, new Map())) {
        const names = [wanted ? typeName(wanted) : '', typeName(own)]
        this.#problem(place, `expected type of field '${field}' is '${names[0]}' but provided type is '${names[1]}'`)
      }
    }
    return struct ?? this.#problem(at, `undeclared reference to '${name}' (in container '')`)
  }

  #macro(expression: Extract<Expression, { kind: 'macro' }>, scope: Variables): CelType {
    const { name, range, variables, body } = expression
    const type = this.typeOf(range, scope)
    const [first = '', second] = variables
    let inner: Variables
    if (type.kind === 'list')
      inner =
        second === undefined ? bound(scope, first, type.element) : bound(bound(scope, first, int), second, type.element)
    else if (type.kind === 'map')
      inner =
        second === undefined ? bound(scope, first, type.key) : bound(bound(scope, first, type.key), second, type.value)
    else if (type.kind === 'object')
      inner = second === undefined ? bound(scope, first, string) : bound(bound(scope, first, string), second, dyn)
    else {
      if (type.kind !== 'dyn')
        this.#problem(
          range.at,
          `expression of type '${typeName(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        )
      inner = variables.reduce((found, variable) => bound(found, variable, dyn), scope)
    }
    const types = body.map((one) => this.typeOf(one, inner))
    this.#predicates(expression, types)
    const last = types.at(-1) ?? dyn
    switch (name) {
      case 'map':
      case 'transformList':
        return listType(last)
      case 'filter':
        return type.kind === 'list' ? type : listType(type.kind === 'map' ? type.key : dyn)
      case 'transformMap':
        return mapType(type.kind === 'map' ? type.key : type.kind === 'list' ? int : dyn, last)
      case 'transformMapEntry':
        return last.kind === 'map' ? last : mapType(dyn, dyn)
      default:
        return bool
    }
  }

  /** Conditions of macros must be boolean. */
  #predicates({ name, body, at }: Extract<Expression, { kind: 'macro' }>, types: readonly CelType[]): void {
    const transforms = ['map', 'transformList', 'transformMap', 'transformMapEntry'].includes(name)
    const conditions = transforms ? types.slice(0, -1) : types
    const last = types.at(-1) ?? dyn
    conditions.forEach((type, index) => {
      if (assignable(bool, type, new Map())) return
      const found = typeName(type)
      if (name === 'all' || name === 'exists') {
        this.#problem(body[index]?.at ?? 0, `expected type 'bool' but found '${found}'`)
        return
      }
      const outcome = name === 'exists_one' ? int : listType(last)
      this.#noOverload('_?_:_', [type, outcome, outcome], at, false)
    })
  }
}

/** The type of an empty list or map, which can be one of anything. */
function ofAnything(type: CelType): boolean {
  return (type.kind === 'list' && type.element.kind === 'dyn') || (type.kind === 'map' && type.value.kind === 'dyn')
}

/** The full name of a function in a namespace: `optional.of`, unless its first word is a variable. */
export function namespacedName(
  target: Expression,
  name: string,
  scope: { has(name: string): boolean },
): string | undefined {
  const prefix = qualifiedName(target)
  if (prefix === undefined || scope.has(prefix.split('.')[0] ?? '')) return undefined
  const full = `${prefix}.${name}`
  return functionLibrary().find(full, false).length > 0 ? full : undefined
}

function bound(scope: Variables, name: string, type: CelType): Variables {
  return new Map(scope).set(name, type)
}
