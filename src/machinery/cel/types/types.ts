/** Type of an expression, as far as it is known before it runs. */
export type CelType =
  | {
      readonly kind: 'int' | 'uint' | 'double' | 'bool' | 'string' | 'bytes' | 'null' | 'timestamp' | 'duration' | 'dyn'
    }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly of: CelType }
  | { readonly kind: 'type'; readonly of: CelType }
  | { readonly kind: 'object'; readonly name: string; field(name: string): CelType | undefined }
  | { readonly kind: 'opaque'; readonly name: string }
  /** Stands for any one type within a function's signature. */
  | { readonly kind: 'parameter'; readonly name: string }

export const dyn: CelType = { kind: 'dyn' }
export const bool: CelType = { kind: 'bool' }
export const string: CelType = { kind: 'string' }
export const int: CelType = { kind: 'int' }
export const double: CelType = { kind: 'double' }
export const bytes: CelType = { kind: 'bytes' }
export const timestamp: CelType = { kind: 'timestamp' }
export const duration: CelType = { kind: 'duration' }

export function listType(element: CelType): CelType {
  return { kind: 'list', element }
}

export function mapType(key: CelType, value: CelType): CelType {
  return { kind: 'map', key, value }
}

/** A type as messages name it. */
export function typeName(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${typeName(type.element)})`
    case 'map':
      return `map(${typeName(type.key)}, ${typeName(type.value)})`
    case 'optional':
      return `optional_type(${typeName(type.of)})`
    case 'type':
      return `type(${typeName(type.of)})`
    case 'object':
    case 'opaque':
    case 'parameter':
      return type.name
    default:
      return type.kind
  }
}

const basic = new Set(['int', 'uint', 'double', 'bool', 'string', 'bytes', 'null', 'timestamp', 'duration', 'dyn'])

/** Reads a type from its short form: `list<A>`, `map<string,int>`, `optional<A>`; other words are libraries' types. */
export function typeOf(text: string): CelType {
  if (basic.has(text)) return { kind: text } as CelType
  if (/^[A-Z]$/.test(text)) return { kind: 'parameter', name: text }
  const inner = /^(\w+)<(.*)>$/.exec(text)
  if (inner?.[1] === 'list') return listType(typeOf(inner[2] ?? ''))
  if (inner?.[1] === 'optional') return { kind: 'optional', of: typeOf(inner[2] ?? '') }
  if (inner?.[1] === 'type') return { kind: 'type', of: typeOf(inner[2] ?? '') }
  if (inner?.[1] === 'map') {
    const [key = '', ...value] = (inner[2] ?? '').split(',')
    return mapType(typeOf(key), typeOf(value.join(',')))
  }
  return { kind: 'opaque', name: text }
}

/** What parameters of a signature stand for. */
export type Bindings = Map<string, CelType>

/** Whether a value of type `given` can be where `wanted` is asked for; parameters are bound on the way. */
export function assignable(wanted: CelType, given: CelType, bindings: Bindings): boolean {
  if (wanted.kind === 'parameter') {
    const bound = bindings.get(wanted.name)
    if (bound === undefined || bound.kind === 'dyn') {
      bindings.set(wanted.name, given)
      return true
    }
    return assignable(bound, given, bindings) || assignable(given, bound, bindings)
  }
  if (wanted.kind === 'dyn' || given.kind === 'dyn') return true
  // Where nothing may be, null may.
  if (given.kind === 'null')
    return ['null', 'object', 'opaque', 'optional', 'timestamp', 'duration'].includes(wanted.kind)
  if (wanted.kind === 'null') return false
  if (wanted.kind === 'list' && given.kind === 'list') return assignable(wanted.element, given.element, bindings)
  if (wanted.kind === 'map' && given.kind === 'map')
    return assignable(wanted.key, given.key, bindings) && assignable(wanted.value, given.value, bindings)
  if (wanted.kind === 'optional' && given.kind === 'optional') return assignable(wanted.of, given.of, bindings)
  if (wanted.kind === 'type' && given.kind === 'type') return true
  if ((wanted.kind === 'object' && given.kind === 'object') || (wanted.kind === 'opaque' && given.kind === 'opaque'))
    return wanted.name === given.name
  return wanted.kind === given.kind
}

/** A type with its parameters replaced; those that nothing is known of may be anything. */
export function substitute(type: CelType, bindings: Bindings): CelType {
  switch (type.kind) {
    case 'parameter':
      return bindings.get(type.name) ?? dyn
    case 'list':
      return listType(substitute(type.element, bindings))
    case 'map':
      return mapType(substitute(type.key, bindings), substitute(type.value, bindings))
    case 'optional':
      return { kind: 'optional', of: substitute(type.of, bindings) }
    default:
      return type
  }
}

/** A type that values of both have; `undefined` when there is none. */
export function joined(a: CelType, b: CelType): CelType | undefined {
  if (assignable(a, b, new Map())) return a
  return assignable(b, a, new Map()) ? b : undefined
}
