import type { Field, ScalarName, StructType, Type } from '#api'
import type { Chance } from './chance.ts'
import {
  expressions,
  labelKeys,
  labelValues,
  names,
  namespaces,
  numbers,
  odd,
  patterns,
  inherited,
  quantities,
  times,
} from './words.ts'

export type Fields = { [name: string]: unknown }

const deepest = 9

/** A value of a type of the API data: right in its shape most of the time, right in its meaning sometimes. */
export function valueOf(type: Type, name: string, chance: Chance, depth: number): unknown {
  switch (type.kind) {
    case 'scalar':
      return scalarOf(type.scalar, name, chance)
    case 'list': {
      const length = depth > 5 ? chance.few(1) : chance.few(3)
      return Array.from({ length }, () => valueOf(type.element, name, chance, depth + 1))
    }
    case 'map': {
      const keys = Array.from({ length: chance.few(3) }, () =>
        chance.hits(0.85) ? chance.oneOf(mapKeys(name)) : chance.oneOf(chance.hits(0.5) ? inherited : odd),
      )
      return Object.fromEntries(keys.map((key) => [key, valueOf(type.value, name, chance, depth + 1)]))
    }
    case 'struct':
      if (type.name === 'ObjectMeta') return metadataOf(chance)
      return structValue(type, chance, depth)
  }
}

/** Required fields, and of the others the fewer the deeper it gets. */
export function structValue(type: StructType, chance: Chance, depth: number): Fields {
  const fields: Fields = {}
  if (depth > deepest) return fields
  const likely = Math.max(0.04, 0.45 - depth * 0.08)
  for (const field of type.fields) {
    if (!chance.hits(field.data.required ? 0.96 : likely / Math.max(1, type.fields.length / 10))) continue
    fields[field.name] = fieldValue(field, chance, depth)
  }
  return fields
}

export function fieldValue({ name, type, data }: Field, chance: Chance, depth: number): unknown {
  const known = data.enum ?? data.values
  if (known && known.length > 0 && chance.hits(0.95)) {
    const value = chance.oneOf(known)
    return type.kind === 'list' ? [value] : type.kind === 'scalar' ? value : valueOf(type, name, chance, depth + 1)
  }
  return valueOf(type, name, chance, depth + 1)
}

function metadataOf(chance: Chance): Fields {
  return {
    name: chance.oneOf(names),
    ...(chance.hits(0.5) ? { labels: { [chance.oneOf(labelKeys)]: chance.oneOf(labelValues) } } : {}),
    ...(chance.hits(0.2) ? { annotations: { [chance.oneOf(labelKeys)]: chance.oneOf(odd) } } : {}),
    ...(chance.hits(0.05) ? { finalizers: ['fuzz.example/stay'] } : {}),
    ...(chance.hits(0.05)
      ? {
          ownerReferences: [
            { apiVersion: 'v1', kind: 'ConfigMap', name: chance.oneOf(names), uid: chance.oneOf(['u', '']) },
          ],
        }
      : {}),
  }
}

const mapKeys = (name: string): readonly string[] =>
  /limits|requests|capacity|allocatable|hard|used|default|min|max/i.test(name)
    ? ['cpu', 'memory', 'pods', 'ephemeral-storage', 'storage', 'example.com/gpu']
    : labelKeys

const texts: readonly (readonly [name: RegExp, values: readonly string[]])[] = [
  [/^(?:expression|messageExpression|rule|valueExpression|matchExpression)$/, expressions],
  [/^(?:pattern)$/, patterns],
  [/namespace$/i, namespaces],
  [/^(?:.*name|claimName|serviceAccount|resource)$/i, names],
  [/image$/i, ['registry.example/app:1', 'a', ' ']],
  [/path$/i, ['/', '/tmp', 'a/../b', 'etc', '/{a}']],
  [/^apiVersion$/, ['v1', 'apps/v1', 'a/b/c']],
  [/^apiGroups?$/, ['', 'apps', '*', 'rbac.authorization.k8s.io']],
  [/^kind$/, ['Pod', 'ConfigMap', 'User', 'ServiceAccount', 'ClusterRole', 'Role']],
  [/^(?:verbs|resources)$/, ['get', '*', 'pods', 'pods/status']],
  [/ip$|ips$|address/i, ['127.0.0.1', '10.0.0.9', '::1', 'None', '', '1.2.3', '010.0.0.1']],
  [/cidr/i, ['10.9.0.0/24', 'fd00::/112', '10.0.0.1/24', '0.0.0.0/0']],
  [/^(?:operator)$/, ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Equal']],
  [/key$/i, labelKeys],
  [/host|domain/i, ['a.example', '*.a.example', 'localhost']],
  [/schedule/i, ['* * * * *', '@daily', '0 0 31 2 *', '60 * * * *']],
  [/provisioner|driver|controller|signerName/i, ['fuzz.example/x', 'kubernetes.io/kube-apiserver-client']],
  [/usages/, ['client auth', 'digital signature']],
  [/accessModes/, ['ReadWriteOnce']],
]

function scalarOf(scalar: ScalarName, name: string, chance: Chance): unknown {
  if (chance.hits(0.01)) return chance.oneOf([null, {}, [], 1, 'x', true])
  switch (scalar) {
    case 'string':
      return chance.hits(0.05)
        ? chance.oneOf(odd)
        : chance.oneOf(texts.find(([pattern]) => pattern.test(name))?.[1] ?? [...names, ...labelValues])
    case 'int32':
    case 'int64':
      return chance.hits(0.7) ? chance.between(0, 100) : chance.oneOf(numbers)
    case 'bool':
      return chance.hits(0.5)
    case 'double':
      return chance.oneOf(numbers)
    case 'bytes':
      return chance.oneOf(['', 'AAEC', 'YQ==', '!!'])
    case 'quantity':
      return chance.hits(0.1) ? chance.oneOf(numbers) : chance.oneOf(quantities)
    case 'intOrString':
      return chance.oneOf<unknown>([0, 1, 80, -1, 70_000, '25%', 'http', '101%', ''])
    case 'time':
    case 'microTime':
      return chance.oneOf(times)
    case 'duration':
      return chance.oneOf(['1s', '1h5m', '-1s', 'x'])
    case 'fieldsV1':
      return chance.oneOf([
        { 'f:data': {} },
        { 'f:metadata': { 'f:labels': { 'f:a': {} } } },
        { '.': {} },
        { 'k:{': {} },
      ])
    case 'rawExtension':
    case 'json':
    case 'any':
      return jsonOf(chance, 0)
  }
}

/** Any JSON. */
export function jsonOf(chance: Chance, depth: number): unknown {
  switch (chance.between(0, depth > 3 ? 4 : 6)) {
    case 0:
      return null
    case 1:
      return chance.hits(0.5)
    case 2:
      return chance.oneOf(numbers)
    case 3:
      return chance.oneOf(odd)
    case 4:
      return chance.oneOf(names)
    case 5:
      return Array.from({ length: chance.few(3) }, () => jsonOf(chance, depth + 1))
    default:
      return Object.fromEntries(
        Array.from({ length: chance.few(3) }, () => [chance.oneOf([...labelKeys, ...odd]), jsonOf(chance, depth + 1)]),
      )
  }
}
