import { celEqual, CelError, celElements, escapeFieldName, isCelList } from '#machinery'
import type { CelValue, ListValue } from '#machinery'
import { isObject } from '../schema/schema.ts'
import type { Schema } from '../schema/schema.ts'
import { elementOf, Foreign, hashKey, standsFor } from './elements.ts'
import type { Element } from './elements.ts'

/** How lists of one `x-kubernetes-list-type` are compared and put together (KEP-2876). */
interface ListKind {
  /** Whether a list of the same length has the same in it. */
  equals(elements: readonly Element[], other: ListValue, valueOf: ValueOf): boolean
  plus(elements: readonly Element[], added: readonly Element[]): readonly Element[]
}

type ValueOf = (element: Element) => CelValue

/** The order counts, and everything that is added. */
const atomic: ListKind = {
  equals: (elements, other, valueOf) => elements.every((element, index) => celEqual(valueOf(element), other.at(index))),
  plus: (elements, added) => [...elements, ...added],
}

/** Elements stand in any order and once; their keys are those of values in the object. */
const set: ListKind = {
  equals(elements, other) {
    const keys = new Set(elements.map(hashKey))
    for (const value of celElements(other)) if (!keys.has(hashKey(elementOf(value)))) return false
    return true
  },
  plus(elements, added) {
    const keys = new Set(elements.map(hashKey))
    const fresh = added.filter((element) => {
      const key = hashKey(element)
      const known = keys.has(key)
      keys.add(key)
      return !known
    })
    return [...elements, ...fresh]
  },
}

/** Elements stand in any order; one that is added takes the place of the one with its keys. */
function keyed(names: readonly string[]): ListKind {
  // Looked for by the names that expressions have for them, as the API does: where such a name is written otherwise, no
  // element has that key.
  const keys = names.map((name) => escapeFieldName(name) ?? name)
  const keyOf = (element: Element): unknown =>
    element instanceof Foreign || !isObject(element)
      ? Symbol('no key')
      : JSON.stringify(keys.map((key) => (Object.hasOwn(element, key) ? hashKey(element[key] ?? null) : null)))
  return {
    equals(elements, other, valueOf) {
      const byKey = new Map(elements.map((element) => [keyOf(element), element]))
      for (const value of celElements(other)) {
        const own = byKey.get(keyOf(elementOf(value)))
        if (own === undefined || !celEqual(valueOf(own), value)) return false
      }
      return true
    },
    plus(elements, added) {
      const result = [...elements]
      const places = new Map(elements.map((element, index) => [keyOf(element), index]))
      for (const element of added) {
        const place = places.get(keyOf(element))
        if (place === undefined) result.push(element)
        else result[place] = element
      }
      return result
    },
  }
}

function kindOf(schema: Schema): ListKind {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return set
    case 'map':
      return keyed(schema['x-kubernetes-list-map-keys'] ?? [])
    default:
      return atomic
  }
}

/**
 * A list of an object as expressions see it. What it is compared with or added to from the left decides by its kind.
 *
 * @param valueOf how expressions see an element
 */
export function typedList(elements: readonly Element[], schema: Schema, valueOf: ValueOf): ListValue {
  const kind = kindOf(schema)
  const list: ListValue = {
    list: true,
    size: elements.length,
    at: (index) => valueOf(elements[index] ?? null),
    equals(other) {
      if (!isCelList(other)) throw new CelError('no such overload')
      return other.size === elements.length && kind.equals(elements, other, valueOf)
    },
    plus: (other) => typedList(kind.plus(elements, [...celElements(other)].map(elementOf)), schema, valueOf),
  }
  return standsFor(list, elements)
}
