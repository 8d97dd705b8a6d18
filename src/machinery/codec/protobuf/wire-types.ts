import type { Type } from '#api'

export const varint = 0
const fixed64 = 1
export const lengthDelimited = 2

/** How values of a type stand on the wire. */
export function wireTypeOf(type: Type): number {
  if (type.kind !== 'scalar') return lengthDelimited
  if (type.scalar === 'double') return fixed64
  return ['int32', 'int64', 'bool'].includes(type.scalar) ? varint : lengthDelimited
}
