import { isTypeName, namespacedName } from '../check/checker.ts'
import { CelError } from '../error.ts'
import { dispatch } from '../functions/function.ts'
import type { Overload } from '../functions/function.ts'
import { functionLibrary } from '../functions/library.ts'
import { qualifiedName } from '../syntax/ast.ts'
import type { Expression, Literal } from '../syntax/ast.ts'
import { typeOf } from '../types/types.ts'
import { EntryMap, isMap, listOf, Optional, StructValue, TypeValue, Uint } from '../values/values.ts'
import type { Value } from '../values/values.ts'
import { compileMacro } from './macros.ts'
import { condition } from './program.ts'
import type { Program } from './program.ts'

/** Makes a program of an expression; `names` are the variables it may use. */
export function compile(expression: Expression, names: ReadonlySet<string>): Program {
  switch (expression.kind) {
    case 'literal': {
      const value = literalValue(expression.literal)
      return () => value
    }
    case 'identifier':
      return identifier(expression.name, names)
    case 'select':
      return select(expression, names)
    case 'has': {
      const operand = compile(expression.operand, names)
      const { field } = expression
      return (scope) => {
        scope.meter.add(1)
        return hasField(operand(scope), field)
      }
    }
    case 'call':
      return call(expression, names)
    case 'list':
      return list(expression, names)
    case 'map':
      return map(expression, names)
    case 'struct':
      return struct(expression, names)
    case 'macro':
      return compileMacro(expression, names, compile)
    case 'optional':
      return optional(expression, names)
    case 'bind':
      return bind(expression, names)
  }
}

function literalValue(literal: Literal): Value {
  if (literal.kind === 'null') return null
  return literal.kind === 'uint' ? new Uint(literal.value) : literal.value
}

function identifier(name: string, names: ReadonlySet<string>): Program {
  if (!names.has(name) && isTypeName(name)) return typeProgram(name)
  return (scope) => {
    scope.meter.add(1)
    const value = scope.get(name)
    if (value === undefined) throw new CelError(`no such attribute(s): ${name}`)
    return value
  }
}

function typeProgram(name: string): Program {
  const short: { readonly [name: string]: string } = {
    list: 'list<dyn>',
    map: 'map<dyn,dyn>',
    null_type: 'null',
    'google.protobuf.Timestamp': 'timestamp',
    'google.protobuf.Duration': 'duration',
  }
  const value = new TypeValue(typeOf(short[name] ?? name))
  return () => value
}

function select(expression: Extract<Expression, { kind: 'select' }>, names: ReadonlySet<string>): Program {
  const name = qualifiedName(expression)
  if (name !== undefined && isTypeName(name) && !names.has(name.split('.')[0] ?? '')) return typeProgram(name)
  const operand = compile(expression.operand, names)
  const { field } = expression
  if (expression.optional)
    return (scope) => {
      scope.meter.add(1)
      return optionalField(operand(scope), field)
    }
  return (scope) => {
    scope.meter.add(1)
    const value = operand(scope)
    if (value instanceof Optional) return optionalField(value, field)
    const found = isMap(value) ? value.get(field) : undefined
    if (found === undefined) throw new CelError(`no such key: ${field}`)
    return found
  }
}

function optionalField(value: Value, field: string): Optional {
  if (value instanceof Optional) return value.value === undefined ? value : optionalField(value.value, field)
  if (!isMap(value)) throw new CelError('no such overload')
  return new Optional(value.get(field))
}

function hasField(value: Value, field: string): boolean {
  if (value instanceof Optional) return value.value !== undefined && hasField(value.value, field)
  if (!isMap(value)) throw new CelError('no such overload')
  return value.get(field) !== undefined
}

function call({ name, target, args }: Extract<Expression, { kind: 'call' }>, names: ReadonlySet<string>): Program {
  const namespaced = target && namespacedName(target, name, names)
  const operands = (target && namespaced === undefined ? [target, ...args] : args).map((one) => compile(one, names))
  const [first, second, third] = operands
  if (first && second && name === '_&&_') return logical(first, second, false)
  if (first && second && name === '_||_') return logical(first, second, true)
  if (first && second && third && name === '_?_:_')
    return (scope) => (condition(first(scope)) ? second(scope) : third(scope))
  return invoke(functionLibrary().find(namespaced ?? name, target !== undefined && namespaced === undefined), operands)
}

/** What decides alone, decides, whatever the other side comes to. */
function logical(left: Program, right: Program, decisive: boolean): Program {
  return (scope) => {
    let failure: unknown
    try {
      if (condition(left(scope)) === decisive) return decisive
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      failure = error
    }
    const value = condition(right(scope))
    if (failure !== undefined && value !== decisive) throw failure
    return value
  }
}

function invoke(overloads: readonly Overload[], operands: readonly Program[]): Program {
  return (scope) => {
    const values = operands.map((operand) => operand(scope))
    scope.meter.call(values)
    const found = dispatch(overloads, values)
    if (!found) throw new CelError('no such overload')
    return found.run(...(values as never[]))
  }
}

function list({ elements }: Extract<Expression, { kind: 'list' }>, names: ReadonlySet<string>): Program {
  const programs = elements.map(({ value, optional }) => ({ run: compile(value, names), optional }))
  return (scope) => {
    scope.meter.add(10)
    const values: Value[] = []
    for (const { run, optional } of programs) {
      const value = run(scope)
      if (!optional) values.push(value)
      else if (value instanceof Optional && value.value !== undefined) values.push(value.value)
    }
    return listOf(values)
  }
}

function map({ entries }: Extract<Expression, { kind: 'map' }>, names: ReadonlySet<string>): Program {
  const programs = entries.map(({ key, value, optional }) => ({
    key: compile(key, names),
    value: compile(value, names),
    optional,
  }))
  return (scope) => {
    scope.meter.add(30)
    const result = new EntryMap()
    for (const { key, value, optional } of programs) {
      const [name, content] = [key(scope), value(scope)]
      const own = optional && content instanceof Optional ? content.value : content
      if (own !== undefined && !result.set(name, own)) throw new CelError('Failed with repeated key')
    }
    return result
  }
}

function struct({ name, fields }: Extract<Expression, { kind: 'struct' }>, names: ReadonlySet<string>): Program {
  const programs = fields.map((field) => ({ ...field, run: compile(field.value, names) }))
  return (scope) => {
    scope.meter.add(40)
    const result = new StructValue(name)
    for (const { name: field, run, optional } of programs) {
      const content = run(scope)
      const own = optional && content instanceof Optional ? content.value : content
      if (own !== undefined) result.set(field, own)
    }
    return result
  }
}

function optional(expression: Extract<Expression, { kind: 'optional' }>, names: ReadonlySet<string>): Program {
  const { variable, flat } = expression
  const operand = compile(expression.operand, names)
  const body = compile(expression.body, new Set(names).add(variable))
  return (scope) => {
    const value = operand(scope)
    if (!(value instanceof Optional)) throw new CelError('no such overload')
    if (value.value === undefined) return value
    const result = body(scope.with(variable, value.value))
    return flat ? result : new Optional(result)
  }
}

/** The value is computed when it is first asked for, and then once. */
function bind({ variable, value, body }: Extract<Expression, { kind: 'bind' }>, names: ReadonlySet<string>): Program {
  const compute = compile(value, names)
  const run = compile(body, new Set(names).add(variable))
  return (scope) => run(scope.withLazy(variable, () => compute(scope)))
}
