import { celTypes } from '#machinery'
import type { CelType, Structs } from '#machinery'

type ObjectType = ReturnType<Structs>

const { dyn, listType, string } = celTypes

/** `Object`, and below it a type for each field: `Object.spec.template`. */
const configurationName = /^Object(?:\.[A-Za-z_]\w*)*$/

const jsonPatch: NonNullable<ObjectType> = {
  kind: 'object',
  name: 'JSONPatch',
  field: (name) => (name === 'value' ? dyn : ['op', 'path', 'from'].includes(name) ? string : undefined),
}

/** Types of objects that mutations make. */
export const mutationStructs: Structs = (name) => {
  if (name === jsonPatch.name) return jsonPatch
  return configurationName.test(name) ? { kind: 'object', name, field: () => dyn } : undefined
}

/** What expressions of mutations come to. */
export const mutationTypes: { readonly [patchType in 'ApplyConfiguration' | 'JSONPatch']: CelType } = {
  ApplyConfiguration: { kind: 'object', name: 'Object', field: () => dyn },
  JSONPatch: listType(jsonPatch),
}
