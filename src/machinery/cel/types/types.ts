/** Type of an expression, as far as it is known before it runs. */
export type CelType =
  | {
      readonly kind: 'int' | 'uint' | 'double' | 'bool' | 'string' | 'bytes' | 'null' | 'timestamp' | 'duration' | 'dyn'
    }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly of: CelType }
  /** Of a value that is a type; `of` is absent where nothing is known of it. */
  | { readonly kind: 'type'; readonly of?: CelType }
  | { readonly kind: 'object'; readonly name: string; field(name: string): CelType | undefined }
  | { readonly kind: 'opaque'; readonly name: string }
  /** Stands for any one type: within a function's signature, or as long as nothing is known. */
  | { readonly kind: 'parameter'; readonly name: string }
  /** Of what makes no sense; its problem is told already. */
  | { readonly kind: 'error' }

export const dyn: CelType = { kind: 'dyn' }
export const bool: CelType = { kind: 'bool' }
export const string: CelType = { kind: 'string' }
export const int: CelType = { kind: 'int' }
export const uint: CelType = { kind: 'uint' }
export const double: CelType = { kind: 'double' }
export const bytes: CelType = { kind: 'bytes' }
export const nullType: CelType = { kind: 'null' }
export const errorType: CelType = { kind: 'error' }
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
      return type.of ? `type(${typeName(type.of)})` : 'type'
    case 'object':
    case 'opaque':
    case 'parameter':
      return type.name
    case 'error':
      return '!error!'
    default:
      return type.kind
  }
}

/** A type as a value of it tells it, and as its name can be written in an expression. */
export function runtimeName({ kind, ...type }: CelType): string {
  switch (kind) {
    case 'timestamp':
    case 'duration':
      return `google.protobuf.${kind === 'duration' ? 'Duration' : 'Timestamp'}`
    case 'null':
      return 'null_type'
    case 'optional':
      return 'optional_type'
    default:
      return 'name' in type ? type.name : kind
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
  if (text === 'list') return listType(dyn)
  if (text === 'map') return mapType(dyn, dyn)
  if (text === 'type') return { kind: 'type' }
  return { kind: 'opaque', name: text }
}
