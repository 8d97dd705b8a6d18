import { dyn, typeName } from './types.ts'
import type { CelType } from './types.ts'

/** What is known of type parameters so far, by their names. */
export type Bindings = Map<string, CelType>

const isOpen = (type: CelType): boolean => type.kind === 'dyn' || type.kind === 'error'

/** Types within a type that have to fit one by one. */
function parts(type: CelType): readonly CelType[] {
  switch (type.kind) {
    case 'list':
      return [type.element]
    case 'map':
      return [type.key, type.value]
    case 'optional':
      return [type.of]
    case 'type':
      return type.of ? [type.of] : []
    default:
      return []
  }
}

/** Whether two types are the same, parameters and all. */
export function sameType(a: CelType, b: CelType): boolean {
  if (a === b) return true
  if (a.kind !== b.kind) return false
  if ('name' in a && 'name' in b && a.name !== b.name) return false
  const [left, right] = [parts(a), parts(b)]
  return left.length === right.length && left.every((part, index) => sameType(part, right[index] as CelType))
}

/** Whether values of both types may stand for one another; what that says of parameters is kept, but only if they may. */
export function assignable(bindings: Bindings, a: CelType, b: CelType): boolean {
  return allAssignable(bindings, [a], [b])
}

/** As `assignable()`, for types in pairs. */
export function allAssignable(bindings: Bindings, a: readonly CelType[], b: readonly CelType[]): boolean {
  const trial = new Map(bindings)
  if (!pairsFit(trial, a, b)) return false
  for (const [name, type] of trial) bindings.set(name, type)
  return true
}

function pairsFit(bindings: Bindings, a: readonly CelType[], b: readonly CelType[]): boolean {
  return a.length === b.length && a.every((type, index) => fits(bindings, type, b[index] as CelType))
}

const nullable = new Set<CelType['kind']>([
  'null',
  'object',
  'opaque',
  'optional',
  'timestamp',
  'duration',
  'dyn',
  'error',
])

function fits(bindings: Bindings, a: CelType, b: CelType): boolean {
  if (b.kind === 'parameter') {
    const outcome = bind(bindings, a, b)
    if (outcome.valid) return true
    // What it stands for is known, and is another: then it can't be the other way round.
    if (outcome.known) return false
  }
  if (a.kind === 'parameter') return bind(bindings, b, a).valid
  if (isOpen(a) || isOpen(b)) return true
  if (a.kind === 'null') return nullable.has(b.kind)
  if (b.kind === 'null') return nullable.has(a.kind)
  if (a.kind !== b.kind) return false
  if (a.kind === 'type') return true
  if ('name' in a && 'name' in b) return a.name === b.name
  return pairsFit(bindings, parts(a), parts(b))
}

interface Bound {
  readonly valid: boolean
  /** Whether something was known of the parameter before. */
  readonly known: boolean
}

function bind(bindings: Bindings, type: CelType, parameter: Extract<CelType, { kind: 'parameter' }>): Bound {
  if (sameType(type, parameter)) return { valid: true, known: true }
  const bound = bindings.get(parameter.name)
  if (bound) {
    if (sameType(type, bound)) return { valid: true, known: true }
    if (!fits(bindings, type, bound)) return { valid: false, known: true }
    const general = mostGeneral(type, bound)
    if (!occurs(bindings, parameter, general)) bindings.set(parameter.name, general)
    return { valid: true, known: true }
  }
  if (occurs(bindings, parameter, type)) return { valid: false, known: false }
  bindings.set(parameter.name, type)
  return { valid: true, known: false }
}

/** Whether the parameter is, or stands somewhere in, the type. */
function occurs(bindings: Bindings, parameter: CelType, type: CelType): boolean {
  if (sameType(parameter, type)) return true
  if (type.kind === 'parameter') {
    const bound = bindings.get(type.name)
    return bound !== undefined && occurs(bindings, parameter, bound)
  }
  return parts(type).some((part) => occurs(bindings, parameter, part))
}

/** Of two types that fit one another, the one that says less. */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return saysLess(a, b) ? a : b
}

function saysLess(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || a.kind === 'parameter') return true
  if (b.kind === 'dyn' || b.kind === 'parameter' || a.kind !== b.kind) return false
  if (a.kind === 'type') return true
  if ('name' in a && 'name' in b && a.name !== b.name) return false
  const [left, right] = [parts(a), parts(b)]
  return left.every((part, index) => saysLess(part, right[index] as CelType))
}

/** A type with what is known of its parameters in their places; `final`: those that nothing is known of may be anything. */
export function substitute(bindings: Bindings, type: CelType, final: boolean): CelType {
  switch (type.kind) {
    case 'parameter': {
      const bound = bindings.get(type.name)
      if (bound) return substitute(bindings, bound, final)
      return final ? dyn : type
    }
    case 'list':
      return { kind: 'list', element: substitute(bindings, type.element, final) }
    case 'map':
      return {
        kind: 'map',
        key: substitute(bindings, type.key, final),
        value: substitute(bindings, type.value, final),
      }
    case 'optional':
      return { kind: 'optional', of: substitute(bindings, type.of, final) }
    case 'type':
      return type.of ? { kind: 'type', of: substitute(bindings, type.of, final) } : type
    default:
      return type
  }
}

/** Names of types in a message: `int.(string, bool)` for what is called on its first argument. */
export function appliedTo(types: readonly CelType[], member: boolean): string {
  const [first, ...rest] = types.map(typeName)
  return member ? `${first}.(${rest.join(', ')})` : `(${types.map(typeName).join(', ')})`
}
