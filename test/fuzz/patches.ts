import type { Body } from './bodies.ts'
import { bodyOf, damaged } from './bodies.ts'
import type { Chance } from './chance.ts'
import { mutate } from './objects.ts'
import { jsonOf } from './values.ts'
import type { Fields } from './values.ts'
import { labelKeys, odd } from './words.ts'

const encoder = new TextEncoder()

/** A patch of one of the four kinds, made of an object of the resource. */
export function patchOf(object: Fields, chance: Chance): Body {
  const body = whole(object, chance)
  return chance.hits(0.05) ? { ...body, bytes: damaged(body.bytes, chance) } : body
}

function whole(object: Fields, chance: Chance): Body {
  switch (chance.between(0, 4)) {
    case 0:
      return {
        contentType: 'application/json-patch+json',
        bytes: encoder.encode(JSON.stringify(operations(object, chance))),
      }
    case 1:
      return {
        contentType: 'application/merge-patch+json',
        bytes: encoder.encode(JSON.stringify(partOf(object, chance))),
      }
    case 2: {
      const part = partOf(object, chance)
      direct(part, chance)
      return { contentType: 'application/strategic-merge-patch+json', bytes: encoder.encode(JSON.stringify(part)) }
    }
    default: {
      const { bytes } = bodyOf(object, undefined, chance)
      return { contentType: 'application/apply-patch+yaml', bytes }
    }
  }
}

/** Patches may hold what is nested too deep for the platform's own copy. */
const copyOf = (object: Fields): Fields => JSON.parse(JSON.stringify(object)) as Fields

/** Some of an object, some of it made null. */
function partOf(object: Fields, chance: Chance): Fields {
  const part: Fields = copyOf(object)
  for (const key of Object.keys(part)) if (chance.hits(0.3)) delete part[key]
  if (chance.hits(0.5)) mutate(part, chance)
  return part
}

/** Puts a directive of strategic merge somewhere. */
function direct(part: Fields, chance: Chance): void {
  const places: Fields[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value)) places.push(value as Fields)
    Object.values(value).forEach(walk)
  }
  walk(part)
  const at = chance.oneOf(places.length > 0 ? places : [part])
  const key = chance.oneOf(['containers', 'ports', 'env', 'labels', 'finalizers', ...Object.keys(at)])
  switch (chance.between(0, 4)) {
    case 0:
      at['$patch'] = chance.oneOf<unknown>(['replace', 'delete', 'merge', 'x', 1, null])
      break
    case 1:
      at[`$deleteFromPrimitiveList/${key}`] = chance.oneOf<unknown>([['a'], 'a', [null], [{}]])
      break
    case 2:
      at[`$setElementOrder/${key}`] = chance.oneOf<unknown>([[{ name: 'c' }], ['a'], [{}], 'x', [1], null])
      break
    case 3:
      at['$retainKeys'] = chance.oneOf<unknown>([['type'], 'type', [1], null])
      break
    default:
  }
}

function operations(object: Fields, chance: Chance): unknown {
  if (chance.hits(0.03)) return jsonOf(chance, 0)
  const count = chance.hits(0.01) ? 10_001 : chance.between(0, 4)
  return Array.from({ length: count }, () => {
    const operation: Fields = {
      op: chance.oneOf(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
      path: pointerInto(object, chance),
    }
    if (chance.hits(0.7)) operation['value'] = jsonOf(chance, 1)
    if (chance.hits(0.4)) operation['from'] = pointerInto(object, chance)
    if (chance.hits(0.03)) delete operation[chance.oneOf(['op', 'path'])]
    return operation
  })
}

function pointerInto(object: Fields, chance: Chance): unknown {
  let path = ''
  let at: unknown = object
  for (let depth = chance.between(0, 5); depth > 0 && typeof at === 'object' && at !== null; depth--) {
    const keys = Object.keys(at)
    const key =
      keys.length > 0 && chance.hits(0.85)
        ? chance.oneOf(keys)
        : chance.oneOf(['-', '0', '01', '-1', '99', '~', ...labelKeys, ...odd])
    path += `/${chance.hits(0.95) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`
    at = (at as Fields)[key]
  }
  return chance.hits(0.98) ? path : chance.oneOf<unknown>(['x', 1, null, '/metadata', '/'])
}
