import { duplicate, invalidValue } from '#machinery'
import type { FieldError } from '#machinery'
import { childPath, isList, isObject, itemsOf, propertyOf } from './schema.ts'
import type { Schema, Value } from './schema.ts'

/** Elements of lists of type `set` must differ, those of type `map` in their keys. */
export function validateListTypes(value: Value, schema: Schema | undefined, path: string): FieldError[] {
  if (!schema) return []
  if (isObject(value)) {
    return Object.keys(value).flatMap((key) => {
      const property = propertyOf(schema, key)
      if (!property) return []
      const own = schema.properties !== undefined && Object.hasOwn(schema.properties, key)
      const at = own ? childPath(path, key) : `${path}[${key}]`
      return validateListTypes(value[key] as Value, property, at)
    })
  }
  if (!isList(value)) return []
  const items = itemsOf(schema)
  return [
    ...ownErrors(value, schema, path),
    ...(items ? value.flatMap((element, index) => validateListTypes(element, items, `${path}[${index}]`)) : []),
  ]
}

function ownErrors(value: readonly Value[], schema: Schema, path: string): FieldError[] {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return repeated(value).map((index) => duplicate(`${path}[${index}]`, value[index]))
    case 'map': {
      const stray = value.findIndex((element) => element !== null && !isObject(element))
      if (stray >= 0) {
        const detail = 'must be an object for an array of list-type map'
        return [invalidValue(`${path}[${stray}]`, value[stray], detail)]
      }
      const names = schema['x-kubernetes-list-map-keys'] ?? []
      const keys = value.map((element) => keyOf(element, names))
      return repeated(keys).map((index) => duplicate(`${path}[${index}]`, keys[index]))
    }
    default:
      return []
  }
}

function keyOf(element: Value, names: readonly string[]): Value {
  const key: { [name: string]: Value } = {}
  if (isObject(element)) {
    for (const name of names) if (Object.hasOwn(element, name)) key[name] = element[name] as Value
  }
  return key
}

/** Index of the second appearance of each value that appears more than once. */
function repeated(values: readonly Value[]): number[] {
  if (values.length <= 1) return []
  const times = new Map<string, number>()
  const found: number[] = []
  values.forEach((value, index) => {
    const text = sortedText(value)
    const before = times.get(text) ?? 0
    times.set(text, before + 1)
    if (before === 1) found.push(index)
  })
  return found
}

/** JSON with keys in order, so that equal values have equal texts. */
export function sortedText(value: Value): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : typeof inner === 'bigint'
        ? String(inner)
        : inner,
  )
}
