import type { Json } from '#api'
import { quote } from '../../errors/quote.ts'
import { keyElement, valueElement } from '../fields/element.ts'
import type { KeyField, PathElement } from '../fields/element.ts'
import type { ListKey, ListMerge } from '../types/merge-type.ts'
import { asMembers, equalValues, member } from './value.ts'
import type { Members } from './value.ts'

/** The path element of an item of a list that is not atomic, which {@link itemProblem} finds no fault with. */
export function elementOf(list: ListMerge, item: Json): PathElement {
  const { elements, sortedKeys } = list
  if (list.keys === undefined) return elements.ofOne(item) ?? elements.learnOne(item, valueElement(item))
  const members = asMembers(item)
  const [first, second] = sortedKeys
  if (first === undefined || members === undefined) return keyElement([])
  if (sortedKeys.length > 2) return elementOfKeys(list, members)
  const one = keyValue(members, first)
  if (second === undefined) return elements.ofOne(one) ?? elements.learnOne(one, elementOfKeys(list, members))
  const two = keyValue(members, second)
  return elements.ofTwo(one, two) ?? elements.learnTwo(one, two, elementOfKeys(list, members))
}

function elementOfKeys(list: ListMerge, item: Members): PathElement {
  const fields: KeyField[] = []
  for (const key of list.sortedKeys) {
    const value = keyValue(item, key)
    if (value !== undefined) fields.push([key.name, value])
  }
  return keyElement(fields)
}

function keyValue(item: Members, key: ListKey): Json | undefined {
  const value = member(item, key.name)
  return value === undefined ? key.default : value
}

/** The items have the same path element. */
export function sameElement(list: ListMerge, a: Json, b: Json): boolean {
  if (list.keys === undefined) return equalValues(a, b)
  const left = asMembers(a)
  const right = asMembers(b)
  if (left === undefined || right === undefined) return false
  for (const key of list.keys) if (!equalValues(keyValue(left, key), keyValue(right, key))) return false
  return true
}

/** Why an item can't stand in a list that is not atomic, `undefined` when it can. */
export function itemProblem(list: ListMerge, item: Json): string | undefined {
  const members = asMembers(item)
  if (list.keys !== undefined) {
    if (item === null) return 'associative list with keys may not have a null element'
    if (members === undefined) return 'associative list with keys may not have non-map elements'
    return keyProblem(list, list.keys, members)
  }
  if (members !== undefined) return "associative list without keys has an element that's a map type"
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements'
  if (item === null) return "associative list without keys has an element that's an explicit null"
  return undefined
}

function keyProblem(list: ListMerge, keys: readonly ListKey[], item: Members): string | undefined {
  let found = keys.length === 0
  for (const key of keys) {
    if (member(item, key.name) !== undefined || key.default !== undefined) found = true
    else if (list.element.map === undefined) {
      return `couldn't find default value for ${key.name}: associative list may not have non-map types`
    }
  }
  if (found) return undefined
  const names = keys.map((key) => quote(key.name)).join(' ')
  return `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`
}
