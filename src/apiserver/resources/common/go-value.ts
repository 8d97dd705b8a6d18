import type { Field, StructType, Type } from '#api'
import type { PodSpec } from '#api/core/v1'
import { shownForm } from '#machinery'
import { builtinTypes } from '../../resource/builtin-types.ts'
import { internalPodSpec } from '../core/pod-spec/internal-form/pod-spec.ts'
import { goName, internalOrder, neverOpen } from './go-names.ts'

type Members = { readonly [name: string]: unknown }

/**
 * A value as upstream's messages print structs of its internal types: fields under their Go names, all of them, empty ones
 * included. Types of the `meta` group keep their JSON form.
 *
 * @param name of the type: `apps/v1.DeploymentStrategy`
 * @throws Error when there is no such type
 */
export function goValue(name: string, value: unknown): unknown {
  const type = builtinTypes().get(name)
  if (type === undefined) throw new Error(`no type ${name}`)
  return printed(type, value, false)
}

function printed(type: Type, value: unknown, pointer: boolean): unknown {
  if (value === undefined || value === null) return pointer ? null : zero(type)
  if (type.kind === 'list') {
    const items = value as readonly unknown[]
    return items.map((item) => printed(type.element, item, false))
  }
  if (type.kind === 'map') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printed(type.value, item, false)]))
  }
  return type.kind === 'struct' ? struct(type, value as Members) : value
}

function struct(type: StructType, value: Members): unknown {
  if (type.place.startsWith('meta/')) return shownForm(type, value)
  const name = `${type.place}.${type.name}`
  if (name === 'core/v1.PodSpec') return internalPodSpec(value as PodSpec)
  return members(value, name, orderedFields(type, name))
}

function orderedFields(type: StructType, name: string): readonly Field[] {
  const order = internalOrder[name]
  if (!order) return type.fields
  const first = order.flatMap((field) => type.byName.get(field) ?? [])
  return [...first, ...type.fields.filter((field) => !order.includes(field.name))]
}

function members(value: Members, type: string, fields: readonly Field[]): { [name: string]: unknown } {
  const closed = neverOpen[type] ?? []
  const out: { [name: string]: unknown } = {}
  for (const field of fields) {
    if (field.name === 'metadata' && isObjectMeta(field))
      Object.assign(out, printed(field.type, value['metadata'] ?? {}, false))
    else
      out[goName(type, field.name)] = printed(
        field.type,
        value[field.name],
        field.pointer && !closed.includes(field.name),
      )
  }
  return out
}

const isObjectMeta = ({ type }: Field): boolean => type.kind === 'struct' && type.name === 'ObjectMeta'

function zero(type: Type): unknown {
  if (type.kind === 'struct') return struct(type, {})
  if (type.kind === 'list' || type.kind === 'map') return null
  switch (type.scalar) {
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 0
    case 'bool':
      return false
    case 'string':
      return ''
    case 'quantity':
      return '0'
    case 'duration':
      return '0s'
    case 'bytes':
    case 'time':
    case 'microTime':
    case 'rawExtension':
    case 'fieldsV1':
    case 'json':
    case 'any':
      return null
  }
}
