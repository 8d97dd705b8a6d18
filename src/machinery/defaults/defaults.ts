import type { Field, StructType, Type } from '#api'
import { setOwn } from '../codec/json/normalize/reader.ts'

/** A value with the defaults filled in; the very same one when nothing was missing. Fields of `base` have theirs. */
type Fill = (value: unknown, base?: unknown) => unknown
type Struct = { readonly [field: string]: unknown }

/**
 * Fills in the defaults that the API data declares, wherever a field is not set: absent, or zero where its type can't tell
 * the two apart. The object is in canonical form and is not changed; what has no defaults is shared with the result.
 *
 * @param base an object that has its defaults: fields that are the very ones of it are not looked at.
 */
export function applyDefaults<T>(type: StructType, object: T, base?: unknown): T {
  const fill = fillOf(type)
  return fill === undefined ? object : (fill(object, base) as T)
}

const fills = new WeakMap<StructType, { readonly fill: Fill | undefined }>()

/** `undefined` when there is nothing to fill in. */
function fillOf(type: Type): Fill | undefined {
  switch (type.kind) {
    case 'scalar':
      return undefined
    case 'struct': {
      let known = fills.get(type)
      if (known === undefined) {
        known = { fill: hasDefaults(type, new Set()) ? structFill(type) : undefined }
        fills.set(type, known)
      }
      return known.fill
    }
    case 'list': {
      const fill = fillOf(type.element)
      return fill === undefined ? undefined : listFill(fill)
    }
    case 'map': {
      const fill = fillOf(type.value)
      return fill === undefined ? undefined : mapFill(fill)
    }
  }
}

function hasDefaults(type: Type, seen: Set<Type>): boolean {
  if (type.kind === 'list') return hasDefaults(type.element, seen)
  if (type.kind === 'map') return hasDefaults(type.value, seen)
  if (type.kind === 'scalar' || seen.has(type)) return false
  seen.add(type)
  return type.fields.some((field) => defaultOf(field) !== undefined || hasDefaults(field.type, seen))
}

const zeros: readonly unknown[] = ['', 0, false]

/** The default of a field, `undefined` when there is none that shows. */
function defaultOf({ data, pointer }: Field): unknown {
  return !pointer && zeros.includes(data.default) ? undefined : data.default
}

function isUnset({ pointer }: Field, value: unknown): boolean {
  return value === undefined || value === null || (!pointer && zeros.includes(value))
}

function structFill(type: StructType): Fill {
  const order = [...(type.hasTypeMeta ? ['kind', 'apiVersion'] : []), ...type.fields.map((field) => field.name)]
  const plans = type.fields
    .map((field) => {
      // Types may contain themselves: what is below is found when it is met.
      let found: { readonly fill: Fill | undefined } | undefined
      const fill: Fill = (value) => {
        found ??= { fill: fillOf(field.type) }
        return found.fill === undefined ? value : found.fill(value)
      }
      const nested = hasDefaults(field.type, new Set())
      return { field, value: defaultOf(field), fill: nested ? fill : undefined }
    })
    .filter((plan) => plan.value !== undefined || plan.fill !== undefined)

  return (object, base) => {
    if (typeof object !== 'object' || object === null) return object
    const struct = object as Struct
    const known = base as Struct | undefined
    let changes: Map<string, unknown> | undefined
    for (const { field, value, fill } of plans) {
      const current = struct[field.name]
      if (typeof current === 'object' && current !== null && current === known?.[field.name]) continue
      const result = isUnset(field, current) ? (value ?? current) : fill === undefined ? current : fill(current)
      if (result !== current) (changes ??= new Map()).set(field.name, result)
    }
    return changes === undefined ? struct : changed(struct, changes, order)
  }
}

/** The struct with some fields changed, in canonical order. */
function changed(struct: Struct, changes: ReadonlyMap<string, unknown>, order: readonly string[]): Struct {
  const out: { [field: string]: unknown } = {}
  for (const name of order) {
    const value = changes.has(name) ? changes.get(name) : struct[name]
    if (value !== undefined) out[name] = value
  }
  return out
}

function listFill(fill: Fill): Fill {
  return (value) => {
    if (!Array.isArray(value)) return value
    const list: readonly unknown[] = value
    let copy: unknown[] | undefined
    list.forEach((item, i) => {
      const result = fill(item)
      if (result !== item) (copy ??= list.slice())[i] = result
    })
    return copy ?? list
  }
}

function mapFill(fill: Fill): Fill {
  return (value) => {
    if (typeof value !== 'object' || value === null) return value
    let copy: { [key: string]: unknown } | undefined
    for (const [key, item] of Object.entries(value) as [string, unknown][]) {
      const result = fill(item)
      if (result !== item) setOwn((copy ??= { ...value }), key, result)
    }
    return copy ?? value
  }
}
