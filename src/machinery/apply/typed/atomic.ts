import type { Json } from '#api'
import { kindOf, listBit, mapBit } from '../types/merge-type.ts'
import type { MergeType } from '../types/merge-type.ts'
import { asItems, asMembers } from './value.ts'

/** Places of a value that are owned as a whole, as paths like `.spec.containers[0].args`: laid over another, they replace it. */
export function atomicPaths(type: MergeType, value: Json, path = ''): string[] {
  const kind = kindOf(type, value)
  const found: string[] = []
  if (kind & mapBit && type.map) {
    const { atomic, fields } = type.map
    if (atomic) found.push(path)
    for (const [name, member] of Object.entries(asMembers(value) ?? {})) {
      const field = fields?.get(name)
      if (field) found.push(...atomicPaths(field.type, member, `${path}.${name}`))
    }
  }
  if (kind === listBit && type.list) {
    const { atomic, element } = type.list
    if (atomic) found.push(path)
    for (const [index, item] of (asItems(value) ?? []).entries())
      found.push(...atomicPaths(element, item, `${path}[${index}]`))
  }
  return found
}
