import type { Field, Json, StructType } from '#api'

type Members = { [name: string]: Json }

/**
 * The object of a kind in which nothing is set, as its JSON reads: with the zero value of every field that is always
 * serialised. The first write of an object is compared with it, so what is zero is owned by nobody.
 */
export function zeroObject(struct: StructType, apiVersion: string): { readonly [name: string]: Json } {
  return { kind: struct.name, apiVersion, ...membersOf(struct) }
}

function membersOf(struct: StructType): Members {
  const members: Members = {}
  for (const field of struct.fields) {
    const value = zeroOf(field)
    if (value !== undefined) members[field.name] = value
  }
  return members
}

/** `undefined` when JSON leaves the field out. */
function zeroOf(field: Field): Json | undefined {
  const { type, emit, pointer } = field
  if (emit === 'nonZero') return undefined
  const always = emit === 'always'
  if (pointer || type.kind === 'list' || type.kind === 'map') return always ? null : undefined
  if (type.kind === 'struct') return type.data.customJSON ? null : membersOf(type)
  switch (type.scalar) {
    case 'string':
      return always ? '' : undefined
    case 'int32':
    case 'int64':
    case 'double':
      return always ? 0 : undefined
    case 'bool':
      return always ? false : undefined
    case 'bytes':
      return always ? null : undefined
    case 'quantity':
      return '0'
    case 'duration':
      return '0s'
    case 'intOrString':
      return 0
    case 'time':
    case 'microTime':
    case 'rawExtension':
    case 'fieldsV1':
    case 'json':
    case 'any':
      return null
  }
}
