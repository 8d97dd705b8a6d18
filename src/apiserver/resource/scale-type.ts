import { builtinObjectType } from './builtin-object-type.ts'
import { builtinStruct } from './builtin-types.ts'
import type { ObjectType } from './object-type.ts'

let type: ObjectType | undefined

/** `autoscaling/v1 Scale`, which every scalable kind speaks. */
export function scaleType(): ObjectType {
  type ??= builtinObjectType(
    { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    builtinStruct('autoscaling/v1', 'Scale'),
  )
  return type
}
