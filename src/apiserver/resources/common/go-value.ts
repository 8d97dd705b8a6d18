import { builtinTypes } from '../../resource/builtin-types.ts'
import type { Field, StructType, Type } from '#api'

/** Words that Go spells in capitals. */
const initialisms: { readonly [json: string]: string } = {
  apiGroup: 'APIGroup',
  apiGroups: 'APIGroups',
  apiVersion: 'APIVersion',
  apiVersions: 'APIVersions',
  cidr: 'CIDR',
  csi: 'CSI',
  http: 'HTTP',
  httpGet: 'HTTPGet',
  httpHeaders: 'HTTPHeaders',
  ip: 'IP',
  ipBlock: 'IPBlock',
  matchCEL: 'MatchCEL',
  nonResourceURLs: 'NonResourceURLs',
  podIP: 'PodIP',
  tls: 'TLS',
  uid: 'UID',
  url: 'URL',
}

const goName = (json: string): string => initialisms[json] ?? json.charAt(0).toUpperCase() + json.slice(1)

/**
 * A value as upstream's messages print structs of its internal types: fields under their Go names, all of them, empty ones
 * included. Types of the `meta` group keep their JSON form.
 *
 * @param name of the type: `apps/v1.DeploymentStrategy`
 */
export function goValue(name: string, value: unknown): unknown {
  const type = builtinTypes().get(name)
  if (type === undefined) throw new Error(`no type ${name}`)
  return printed(type, value, false)
}

function printed(type: Type, value: unknown, pointer: boolean): unknown {
  if (value === undefined || value === null) return pointer ? null : zero(type)
  if (type.kind === 'list') return (value as readonly unknown[]).map((item) => printed(type.element, item, false))
  if (type.kind === 'map') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printed(type.value, item, false)]))
  }
  return type.kind === 'struct' ? struct(type, value as { readonly [name: string]: unknown }) : value
}

function struct(type: StructType, value: { readonly [name: string]: unknown }): unknown {
  if (type.place.startsWith('meta/')) return value
  const out: { [name: string]: unknown } = {}
  for (const field of type.fields) {
    if (field.name === 'metadata' && isObjectMeta(field)) Object.assign(out, value['metadata'])
    else out[goName(field.name)] = printed(field.type, value[field.name], field.pointer)
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
