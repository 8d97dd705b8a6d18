import type { StructType, Type } from '#api'
import { builtinStruct } from '../resource/builtin-types.ts'
import type { Parameter } from './model.ts'

const types: { readonly [scalar: string]: Parameter['type'] } = {
  string: 'string',
  bool: 'boolean',
  int32: 'integer',
  int64: 'integer',
}

/** Fields of an option kind as query parameters; what a query can't carry is left out. */
export function optionParameters(options: StructType): Parameter[] {
  const found: Parameter[] = []
  for (const { name, type } of options.fields) {
    const parameter = parameterType(type)
    if (parameter) found.push({ name, in: 'query', type: parameter })
  }
  return found
}

function parameterType(type: Type): Parameter['type'] | undefined {
  if (type.kind === 'list') return parameterType(type.element)
  return type.kind === 'scalar' ? types[type.scalar] : undefined
}

export const pretty: Parameter = { name: 'pretty', in: 'query', type: 'string' }
export const nameInPath: Parameter = { name: 'name', in: 'path', type: 'string' }
export const namespaceInPath: Parameter = { name: 'namespace', in: 'path', type: 'string' }
export const restOfPath: Parameter = { name: 'path', in: 'path', type: 'string' }

/** Parameters of an option kind of the meta group: `ListOptions`. */
export function metaParameters(kind: string): Parameter[] {
  return optionParameters(builtinStruct('meta/v1', kind))
}
