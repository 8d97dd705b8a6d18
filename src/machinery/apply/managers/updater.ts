import type { Steps } from '#base'
import { difference, intersection, isEmptySet, pathsOf } from '../fields/set.ts'
import type { FieldFilter } from '../fields/filter.ts'
import type { FieldSet } from '../fields/set.ts'
import { compare, noChange } from '../typed/compare.ts'
import type { Comparison } from '../typed/compare.ts'
import { toFieldSet } from '../typed/field-set.ts'
import { merge } from '../typed/merge.ts'
import { reconcile } from '../typed/reconcile.ts'
import { equalValues } from '../typed/value.ts'
import { Conflicts } from './conflict.ts'
import type { Conflict } from './conflict.ts'
import type { Converter, TypedObject } from './converter.ts'
import { prune } from './prune.ts'
import { sameManager } from './records.ts'
import type { ManagerRecord } from './records.ts'

export interface UpdaterOptions {
  readonly converter: Converter
  /** What is left out of the sets of a version, `undefined` where nothing is. */
  readonly filterOf: (apiVersion: string) => FieldFilter | undefined
}

export interface Takeover {
  readonly records: readonly ManagerRecord[]
  /** What changed, in the version of the request. */
  readonly changed: FieldSet
}

export interface Applied {
  readonly records: readonly ManagerRecord[]
  /** The new object; the live one itself when nothing changes. */
  readonly object: TypedObject
}

/** Decides who owns what after an object has changed. */
export class Updater {
  readonly #options: UpdaterOptions

  constructor(options: UpdaterOptions) {
    this.#options = options
  }

  /** Someone has put `next` in the place of `live`: everybody else loses what changed. */
  *update(live: TypedObject, next: TypedObject, records: readonly ManagerRecord[]): Steps<Takeover> {
    const known = this.#reconcile(live, records)
    yield
    return yield* this.#takeOver(live, next, known, undefined, true)
  }

  /**
   * Merges a configuration into `live`.
   *
   * @param applier whose configuration it is; its set does not count.
   * @throws Conflicts when others own what changes, unless `force` takes it from them.
   */
  *apply(
    live: TypedObject,
    configuration: TypedObject,
    records: readonly ManagerRecord[],
    applier: ManagerRecord,
    force: boolean,
  ): Steps<Applied> {
    const known = this.#reconcile(live, records)
    yield
    const merged = { ...live, value: merge(live.type, live.value, configuration.value) }
    yield
    const mentioned = toFieldSet(live.type, configuration.value)
    yield
    const filter = this.#options.filterOf(live.apiVersion)
    const self: ManagerRecord = { ...applier, set: filter === undefined ? mentioned : filter(mentioned) }
    const last = known.find((record) => sameManager(record, self))
    const all = [...known.filter((record) => record !== last), self]
    const { converter } = this.#options
    const object = yield* prune(merged, { converter, records: all, applier: self, last })
    yield
    const taken = yield* this.#takeOver(live, object, all, self, force)
    yield
    return { records: taken.records, object: equalValues(live.value, object.value) ? live : object }
  }

  /** Drops records of versions that are gone, and brings sets in keeping with their types as they are now. */
  #reconcile(live: TypedObject, records: readonly ManagerRecord[]): readonly ManagerRecord[] {
    const inVersion = this.#options.converter.of(live)
    const kept: ManagerRecord[] = []
    for (const record of records) {
      const typed = inVersion(record.apiVersion)
      if (typed === undefined) continue
      const set = reconcile(typed.type, record.set)
      kept.push(set === record.set ? record : { ...record, set })
    }
    return kept
  }

  *#takeOver(
    live: TypedObject,
    next: TypedObject,
    records: readonly ManagerRecord[],
    applier: ManagerRecord | undefined,
    force: boolean,
  ): Steps<Takeover> {
    const comparisonIn = this.#comparisons(live, next)
    const ours = comparisonIn(live.apiVersion) ?? noChange
    yield
    const left: ManagerRecord[] = []
    const conflicts: Conflict[] = []
    for (const record of records) {
      if (record === applier) {
        if (!isEmptySet(record.set)) left.push(record)
        continue
      }
      const comparison = comparisonIn(record.apiVersion)
      if (comparison === undefined) continue
      if (!force) for (const conflict of conflictsOf(record, comparison.changed)) conflicts.push(conflict)
      yield
      const unchanged = difference(record.set, comparison.changed)
      yield
      const set = difference(unchanged, comparison.removed)
      if (!isEmptySet(set)) left.push(set === record.set ? record : { ...record, set })
    }
    if (conflicts.length > 0) throw new Conflicts(conflicts)
    return { records: left, changed: ours.changed }
  }

  /** How the objects differ in a version, `undefined` when there is no such version. */
  #comparisons(live: TypedObject, next: TypedObject): (apiVersion: string) => Comparison | undefined {
    const { converter, filterOf } = this.#options
    const before = converter.of(live, 'failed to convert old object')
    const after = converter.of(next, 'failed to convert new object')
    const done = new Map<string, Comparison | undefined>()
    const make = (apiVersion: string): Comparison | undefined => {
      const was = before(apiVersion)
      const now = was === undefined ? undefined : after(apiVersion)
      if (was === undefined || now === undefined) return undefined
      const comparison = compare(was.type, was.value, now.value)
      const filter = filterOf(apiVersion)
      if (filter === undefined || comparison === noChange) return comparison
      return { changed: filter(comparison.changed), removed: filter(comparison.removed) }
    }
    return (apiVersion) => {
      if (!done.has(apiVersion)) done.set(apiVersion, make(apiVersion))
      return done.get(apiVersion)
    }
  }
}

function conflictsOf(owner: ManagerRecord, changed: FieldSet): Conflict[] {
  return [...pathsOf(intersection(owner.set, changed))].map((path) => ({ owner, path }))
}
