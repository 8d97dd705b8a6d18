import type { Steps } from '#base'
import { fieldElement } from '../fields/element.ts'
import { difference, emptySet, intersection, isEmptySet, union } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { toFieldSet } from '../typed/field-set.ts'
import { removeItems } from '../typed/remove.ts'
import type { Converter, TypedObject } from './converter.ts'
import { ensureNamed } from './ensure-named.ts'
import type { ManagerRecord } from './records.ts'

export interface Pruning {
  readonly converter: Converter
  /** All managers, the applier with what it owns from now on. */
  readonly records: readonly ManagerRecord[]
  readonly applier: ManagerRecord
  /** What the applier owned before, `undefined` when it is new. */
  readonly last: ManagerRecord | undefined
}

const failure = 'failed to prune fields: '

/**
 * Removes from a merged object what its applier owned, no longer mentions, and nobody else owns.
 *
 * Whole fields and items are taken out first, then everything is put back that somebody owns, or that the applier didn't
 * own. When the applier mentions everything it owned before, that comes to nothing, which is by far the most common case.
 */
export function* prune(merged: TypedObject, pruning: Pruning): Steps<TypedObject> {
  const { converter, applier, last } = pruning
  if (last === undefined || isEmptySet(last.set)) return merged
  if (mentionsAll(applier, last)) return merged
  const before = converter.to(
    merged,
    last.apiVersion,
    `${failure}failed to convert merged object to last applied version`,
  )
  if (before === undefined) return merged
  yield
  const lastSet = ensureNamed(before.type, last.set)
  yield
  const bare = without(before, lastSet)
  yield
  const owned = yield* addBackOwned(before, bare, pruning, last.apiVersion)
  yield
  const pruned = yield* addBackDangling(before, owned, converter, last.apiVersion, lastSet)
  yield
  return inVersion(converter, pruned, applier.apiVersion)
}

/** Everything owned before is mentioned still. Who claims to own what makes an object one is left to fail. */
function mentionsAll(applier: ManagerRecord, last: ManagerRecord): boolean {
  if (last.apiVersion !== applier.apiVersion || !isEmptySet(difference(last.set, applier.set))) return false
  return last.set[fieldElement('apiVersion')] === undefined && last.set[fieldElement('kind')] === undefined
}

function without(object: TypedObject, set: FieldSet): TypedObject {
  return { ...object, value: removeItems(object.type, object.value, set) }
}

function namedFields(object: TypedObject): FieldSet {
  return ensureNamed(object.type, toFieldSet(object.type, object.value))
}

function inVersion(converter: Converter, object: TypedObject, apiVersion: string): TypedObject {
  const converted = converter.to(object, apiVersion, 'failed to prune fields')
  if (converted === undefined) throw new Error(`failed to prune fields: no corresponding type for ${apiVersion}`)
  return converted
}

/** Puts back what anybody owns. First in the version it was pruned in: other versions may not do without a field. */
function* addBackOwned(before: TypedObject, bare: TypedObject, pruning: Pruning, version: string): Steps<TypedObject> {
  const owned = new Map<string, FieldSet>([[version, emptySet]])
  for (const { apiVersion, set } of pruning.records) {
    owned.set(apiVersion, union(owned.get(apiVersion) ?? emptySet, set))
    yield
  }
  let merged = before
  let pruned = bare
  for (const [apiVersion, set] of owned) {
    const failing = (what: string): string =>
      `${failure}failed add back owned items: failed to convert ${what} object at version ${apiVersion}`
    if (apiVersion === version && !pruning.records.some((record) => record.apiVersion === version)) continue
    const mergedThere = pruning.converter.to(merged, apiVersion, failing('merged'))
    if (mergedThere === undefined) continue
    merged = mergedThere
    const prunedThere = pruning.converter.to(pruned, apiVersion, failing('pruned'))
    if (prunedThere === undefined) continue
    const left = namedFields(prunedThere)
    yield
    const named = ensureNamed(merged.type, set)
    yield
    const kept = union(left, named)
    yield
    const all = namedFields(merged)
    yield
    const dropped = difference(all, kept)
    yield
    pruned = without(merged, dropped)
    yield
  }
  return pruned
}

/** Puts back what the applier didn't own before. */
function* addBackDangling(
  before: TypedObject,
  pruned: TypedObject,
  converter: Converter,
  version: string,
  lastSet: FieldSet,
): Steps<TypedObject> {
  const there = converter.to(
    pruned,
    version,
    `${failure}failed add back dangling items: failed to convert pruned object to last applied version`,
  )
  if (there === undefined) return before
  const all = namedFields(before)
  yield
  const left = namedFields(there)
  yield
  const gone = difference(all, left)
  yield
  const dangling = intersection(gone, lastSet)
  yield
  return without(before, dangling)
}
