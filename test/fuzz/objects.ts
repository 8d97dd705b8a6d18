import type { StructType } from '#api'
import type { Chance } from './chance.ts'
import { examples } from './examples.ts'
import { versionText } from './resources.ts'
import type { Target } from './resources.ts'
import { fieldValue, jsonOf, structValue } from './values.ts'
import type { Fields } from './values.ts'
import { expressions, labelKeys, names, odd, patterns } from './words.ts'

/** An object for a resource: one that is valid, one with more in it, or one of chance alone. */
export function objectFor(target: Target, namespace: string, name: string, chance: Chance): Fields {
  const known = examples[target.plural] ?? [{}]
  const kind = { kind: target.kind, apiVersion: versionText(target) }
  const random = target.struct && chance.hits(0.1)
  const body =
    random && target.struct ? structValue(target.struct, chance, 0) : (structuredClone(chance.oneOf(known)) as Fields)
  const own = (body['metadata'] ?? {}) as Fields
  const object: Fields = {
    ...kind,
    ...body,
    metadata: { name, ...(target.namespaced ? { namespace } : {}), ...metadataOf(chance), ...own },
  }
  if (!random && target.struct && chance.hits(0.6))
    for (let count = chance.between(1, 4); count > 0; count--) enrich(object, target.struct, chance, 0)
  if (chance.hits(0.25)) mutate(object, chance)
  return object
}

function metadataOf(chance: Chance): Fields {
  return {
    ...(chance.hits(0.4) ? { labels: { app: chance.oneOf(['a', 'b']) } } : {}),
    ...(chance.hits(0.1) ? { annotations: { [chance.oneOf(labelKeys)]: chance.oneOf(odd) } } : {}),
    ...(chance.hits(0.04) ? { finalizers: ['fuzz.example/stay'] } : {}),
    ...(chance.hits(0.02) ? { generateName: 'fz-g-' } : {}),
    ...(chance.hits(0.02) ? { resourceVersion: chance.oneOf(['1', '0', 'x', '99999999']), uid: 'u' } : {}),
  }
}

/** Adds a field somewhere within the shape of the type. */
function enrich(object: Fields, type: StructType, chance: Chance, depth: number): void {
  const fields = type.fields.filter(({ name }) => name !== 'metadata' && name !== 'status')
  if (fields.length === 0) return
  const present = fields.filter((field) => object[field.name] !== undefined)
  const field = present.length > 0 && depth < 6 && chance.hits(0.75) ? chance.oneOf(present) : chance.oneOf(fields)
  const value = object[field.name]
  if (field.type.kind === 'struct' && isFields(value)) return enrich(value, field.type, chance, depth + 1)
  if (field.type.kind === 'list' && field.type.element.kind === 'struct' && Array.isArray(value) && isFields(value[0]))
    return enrich(value[0], field.type.element, chance, depth + 1)
  object[field.name] = fieldValue(field, chance, depth + 2)
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Changes something somewhere, without regard to what it means. */
export function mutate(root: Fields, chance: Chance): void {
  let at: Fields | unknown[] = root
  for (let depth = chance.between(0, 6); depth > 0; depth--) {
    const inner: unknown[] = (Array.isArray(at) ? at : Object.values(at)).filter(
      (each) => typeof each === 'object' && each !== null,
    )
    if (inner.length === 0) break
    at = chance.oneOf(inner) as Fields | unknown[]
  }
  const keys = Object.keys(at)
  const key = keys.length > 0 && chance.hits(0.8) ? chance.oneOf(keys) : chance.oneOf(odd)
  const record = at as Fields
  const old = Object.hasOwn(record, key) ? record[key] : undefined
  switch (chance.between(0, 6)) {
    case 0:
      delete record[key]
      break
    case 1:
      setOwn(record, key, null)
      break
    case 2:
      setOwn(record, key, jsonOf(chance, 0))
      break
    case 3:
      if (Array.isArray(at))
        at.push(...at.slice(0, 3).map((each) => JSON.parse(JSON.stringify(each ?? null)) as unknown))
      else setOwn(record, `${key}x`, old)
      break
    case 4:
      setOwn(record, key, chance.oneOf<unknown>([...odd, ...names, ...expressions, ...patterns]))
      break
    case 5:
      setOwn(record, key, nested(chance.oneOf([10, 100, 600])))
      break
    default:
      setOwn(record, key, [old])
  }
}

/** Also such keys as would else reach every object. */
function setOwn(record: Fields, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
}

function nested(depth: number): unknown {
  let value: unknown = {}
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
