import { canonicalElement, compareElements, PathElementError, self } from './element.ts'
import { emptySet, NodeBuilder, rememberSize } from './set.ts'
import type { FieldSet } from './set.ts'

/** What was found for a FieldsV1 value, so that the one of a stored object is looked through once. */
const parsed = new WeakMap<object, FieldSet>()

/**
 * Reads FieldsV1 as clients send it: in any order, perhaps with kinds of elements that are not known, which are left out.
 * A value that is a set already is returned as it is.
 *
 * @throws PathElementError when it is not FieldsV1.
 */
export function parseFields(value: unknown): FieldSet {
  if (value === null || value === undefined) return emptySet
  if (!isMap(value)) throw new PathElementError(`expected an object of fields, got ${typeof value}`)
  const known = parsed.get(value)
  if (known !== undefined) return known
  const set = parseNode(value, false)
  parsed.set(value, set)
  return set
}

/** Remembers that a set is written in its one form, since it was made here: nobody needs to look through it. */
export function markParsed(set: FieldSet): void {
  parsed.set(set, set)
}

type Node = { readonly [element: string]: unknown }

const isMap = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The node itself where it is in its one form already. Nobody owns the whole object: at the root {@link self} is dropped. */
function parseNode(node: Node, mayBeMember: boolean): FieldSet {
  const builder = new NodeBuilder()
  const member = mayBeMember && self in node
  let asItIs = member || !(self in node)
  let previous: string = ''
  let count = 0
  for (const text in node) {
    if (text === self) {
      asItIs &&= previous === '' && isEmptyMap(node[text])
      continue
    }
    const element = canonicalElement(text)
    if (element === undefined) {
      asItIs = false
      continue
    }
    const value = node[text]
    if (value !== null && !isMap(value)) throw new PathElementError(`expected an object of fields below ${text}`)
    const below = value === null ? emptySet : parseNode(value, true)
    asItIs &&= element === text && below === value && (previous === '' || compareElements(previous, element) < 0)
    builder.add(element, below)
    previous = element
    count++
  }
  if (count === 0) return asItIs && !member ? (node as FieldSet) : emptySet
  if (!asItIs) return builder.build(member)
  rememberSize(node as FieldSet, count)
  return node as FieldSet
}

function isEmptyMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0
}
