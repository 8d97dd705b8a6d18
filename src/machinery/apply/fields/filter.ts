import { fieldElement, self } from './element.ts'
import type { PathElement } from './element.ts'
import { emptySet, isEmptySet, NodeBuilder, recursiveDifference, setOf } from './set.ts'
import type { FieldPath, FieldSet } from './set.ts'

/** Leaves out of a set what a resource or subresource doesn't let clients write. */
export type FieldFilter = (set: FieldSet) => FieldSet

/** Stands for any one element in a pattern. */
export const anyElement: unique symbol = Symbol('any element')

/** The beginning of paths: names of fields, and {@link anyElement}. */
export type PathPattern = readonly (string | typeof anyElement)[]

/** The path through fields of these names. */
export function fieldPath(...names: readonly string[]): FieldPath {
  return names.map(fieldElement)
}

/** Leaves out the fields at these paths (names of fields) and everything below them. */
export function excludeFields(...paths: readonly (readonly string[])[]): FieldFilter {
  const excluded = setOf(paths.map((path) => fieldPath(...path)))
  return (set) => recursiveDifference(set, excluded)
}

interface Pattern {
  /** Matches everything from here on. */
  readonly everything: boolean
  readonly any: Pattern | undefined
  readonly fields: ReadonlyMap<PathElement, Pattern>
}

/** Keeps only what lies on or below paths that begin like one of the patterns; without patterns, everything. */
export function includeFields(...patterns: readonly PathPattern[]): FieldFilter {
  const pattern = patternOf(patterns.length === 0 ? [[]] : patterns)
  return (set) => keep(set, pattern) ?? emptySet
}

function patternOf(patterns: readonly PathPattern[]): Pattern {
  const everything = patterns.some((pattern) => pattern.length === 0)
  const from = (first: string | typeof anyElement): Pattern =>
    patternOf(patterns.filter((pattern) => pattern[0] === first).map((pattern) => pattern.slice(1)))
  const fields = new Map<PathElement, Pattern>()
  let any: Pattern | undefined
  for (const [first] of patterns) {
    if (first === anyElement) any = from(first)
    else if (first !== undefined) fields.set(fieldElement(first), from(first))
  }
  return { everything, any, fields }
}

function keep(node: FieldSet, pattern: Pattern): FieldSet | undefined {
  if (pattern.everything) return node
  const builder = new NodeBuilder()
  let found = false
  for (const element in node) {
    if (element === self) continue
    const below = pattern.any ?? pattern.fields.get(element)
    if (below === undefined) continue
    const child = node[element] as FieldSet
    const kept = isEmptySet(child) ? child : keep(child, below)
    if (kept === undefined) continue
    found = true
    builder.add(element, kept)
  }
  if (found) return builder.build(node[self] !== undefined)
  return node[self] === undefined ? undefined : emptySet
}
