import { allSteps, messageOf } from '#base'
import type { Steps } from '#base'
import type { Json } from '#api'
import { JsonError } from '../../codec/json/error.ts'
import { badRequest } from '../../errors/reasons.ts'
import { StatusError } from '../../errors/status-error.ts'
import type { KubeObject } from '../../meta/object.ts'
import { fieldPath } from '../fields/filter.ts'
import type { FieldFilter } from '../fields/filter.ts'
import { difference, emptySet, equalSets, has, isEmptySet, setOf, union } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import type { MergeType } from '../types/merge-type.ts'
import { faultText, validate } from '../typed/validate.ts'
import type { ValidateOptions } from '../typed/validate.ts'
import { asMembers } from '../typed/value.ts'
import type { Members } from '../typed/value.ts'
import { capUpdateManagers } from './cap.ts'
import { conflictError, Conflicts } from './conflict.ts'
import { Converter } from './converter.ts'
import type { TypedObject } from './converter.ts'
import { ownedByClientSideApply, withLastApplied } from './last-applied.ts'
import { FirstWrites } from './first-writes.ts'
import { isReset, kindText, managedFieldsOf, objectText, unexplained, withManagedFields } from './object.ts'
import { PendingConversion } from './pending.ts'
import { readManagedFields, sameManager, shareEntries, writeManagedFields } from './records.ts'
import type { ManagerRecord } from './records.ts'
import { RecentEntries } from './recent-entries.ts'
import { stripUnowned } from './strip.ts'
import { Updater } from './updater.ts'

export interface FieldManagerOptions {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** Empty for the resource itself. */
  readonly subresource?: string
  /** Type of the kind's objects in a version (`apps/v1`), `undefined` when the kind isn't in it. */
  readonly typeOf: (apiVersion: string) => MergeType | undefined
  /**
   * An object in another version, `undefined` when the kind isn't in it; not called for the version that the object has.
   * Without it there is one version only.
   */
  readonly convert?: (object: KubeObject, apiVersion: string) => KubeObject | undefined
  /**
   * An object in which nothing is set, as the server makes it before a first write. Built-in kinds carry zero values
   * (`zeroObject`); the default, for custom resources, has kind and version only.
   */
  readonly zero?: KubeObject
  /** What a strategy resets, by version: nobody comes to own it by this resource or subresource. */
  readonly resetFields?: ReadonlyMap<string, FieldFilter>
  /** Makes what an apply merged canonical: round trip through the type, defaults. Not called when nothing changes. */
  readonly finish?: (merged: KubeObject) => KubeObject
  /**
   * What of an object that is about to be written counts, which is what fields are told by; the default is all of it. Parts
   * of the live object are as they should be.
   */
  readonly compared?: <T extends KubeObject>(object: T, live: KubeObject) => T
  /** `compared` leaves out what is empty, and that is all. */
  readonly showsAll?: boolean
  /** Why what an apply makes can't be brought to its version, which then fails; by default it can. */
  readonly unconvertible?: string
  /** Hears of updates whose fields can't be told: they go through without `managedFields`. */
  readonly onError?: (error: unknown) => void
}

export interface UpdateContext {
  /** Name of the manager; empty is `unknown`. */
  readonly manager: string
  /** The time of the request, as RFC 3339 in whole seconds. */
  readonly now: string
}

export interface ApplyContext extends UpdateContext {
  /** Take fields from others that own them. */
  readonly force?: boolean
}

/** Keeps `managedFields` and applies configurations, for one resource or subresource in one version. */
export interface FieldManager {
  /**
   * Puts `managedFields` on an object that is about to be written by create, update or a patch other than apply. It
   * never fails: where fields can't be told, the object comes back without `managedFields`.
   *
   * @param live the object it takes the place of, in the version of the request; `undefined` on create.
   * @param next the object as it is to be stored, canonical, in the version of the request. On create it is the caller's
   * own, and may be changed in place.
   */
  update<T extends KubeObject>(live: T | undefined, next: T, context: UpdateContext): T

  /** {@link update} in steps, for objects that are large. */
  updateInSteps<T extends KubeObject>(live: T | undefined, next: T, context: UpdateContext): Steps<T>

  /**
   * Merges an applied configuration into an object and puts `managedFields` on it. When nothing changes the object is
   * `live` itself.
   *
   * @param configuration as the client sent it.
   * @throws StatusError: a conflict with other managers, a configuration of another kind or version, or one that does not
   * fit its type.
   */
  apply<T extends KubeObject>(live: T | undefined, configuration: unknown, context: ApplyContext): T

  /** {@link apply} in steps, for objects that are large. */
  applyInSteps<T extends KubeObject>(live: T | undefined, configuration: unknown, context: ApplyContext): Steps<T>
}

/** Manager that is given the fields an object had before it was first applied. */
const beforeFirstApply = 'before-first-apply'

/** The field manager whose applies take over from client-side apply. */
const kubectl = 'kubectl'

export function createFieldManager(options: FieldManagerOptions): FieldManager {
  return new Manager(options)
}

class Manager implements FieldManager {
  readonly #options: FieldManagerOptions
  readonly #apiVersion: string
  readonly #subresource: string
  readonly #zero: KubeObject
  readonly #updater: Updater
  readonly #recent = new RecentEntries()
  readonly #firstWrites = new FirstWrites()

  constructor(options: FieldManagerOptions) {
    const { group, version, kind, convert, resetFields } = options
    this.#options = options
    this.#apiVersion = group === '' ? version : `${group}/${version}`
    this.#subresource = options.subresource ?? ''
    this.#zero = options.zero ?? objectOf({ apiVersion: this.#apiVersion, kind })
    this.#updater = new Updater({
      converter: new Converter({
        typeOf: options.typeOf,
        convert: (value, apiVersion) =>
          readAs(
            value,
            () => convert?.(objectOf(value), apiVersion),
            (why) => new Error(why),
          ),
      }),
      filterOf: (apiVersion) => resetFields?.get(apiVersion),
    })
  }

  update<T extends KubeObject>(live: T | undefined, next: T, context: UpdateContext): T {
    return allSteps(this.updateInSteps(live, next, context))
  }

  *updateInSteps<T extends KubeObject>(live: T | undefined, next: T, context: UpdateContext): Steps<T> {
    const before: KubeObject = live ?? this.#zero
    try {
      const fields = live === undefined ? this.#knownFields(next, context) : undefined
      if (fields !== undefined) return this.#ownedFrom(next, fields, context)
      const records = this.#recordsForUpdate(before, next)
      // An object whose fields nobody keeps stays so until it is applied.
      if (records.length === 0 && (before.metadata?.uid ?? '') !== '') return withManagedFields(next, undefined)
      const compared = this.#options.compared?.(next, before) ?? next
      yield
      const left = yield* this.#updated(before, compared, records, context)
      if (live === undefined && records.length === 0) this.#learn(next, left, context)
      return withManagedFields(next, writeManagedFields(left, managedFieldsOf(before), this.#recent))
    } catch (error) {
      if (error instanceof PendingConversion) throw error
      this.#options.onError?.(error)
      return withManagedFields(next, undefined)
    }
  }

  /** The fields that the writer of a new object comes to own, where it wrote objects like it before. */
  #knownFields(next: KubeObject, { manager }: UpdateContext): FieldSet | undefined {
    if (this.#options.showsAll !== true || managedFieldsOf(next) !== undefined) return undefined
    return this.#firstWrites.fieldsOf(manager, next)
  }

  #learn(next: KubeObject, records: readonly ManagerRecord[], { manager }: UpdateContext): void {
    const type = this.#options.typeOf(this.#apiVersion)
    const [record] = records
    if (this.#options.showsAll !== true || type === undefined || record === undefined) return
    this.#firstWrites.learn(manager, type, this.#zero, next, record.set)
  }

  /** A new object whose writer owns these fields. */
  #ownedFrom<T extends KubeObject>(next: T, fields: FieldSet, { manager, now }: UpdateContext): T {
    const record = { ...this.#record(manager, 'Update', fields), time: now }
    const { metadata } = next as { readonly metadata: { managedFields?: KubeObject['metadata']['managedFields'] } }
    metadata.managedFields = writeManagedFields([record], undefined, this.#recent)
    return next
  }

  /** What an update starts from: entries that the client sent count, unless they are wrong or it writes a subresource. */
  #recordsForUpdate(live: KubeObject, next: KubeObject): readonly ManagerRecord[] {
    const stored = managedFieldsOf(live)
    const sent = this.#subresource === '' ? managedFieldsOf(next) : undefined
    if (sent !== undefined) {
      if (isReset(sent)) return []
      const records = readOrNothing(shareEntries(sent, stored))
      if (records.length > 0) return records
    }
    return stored === undefined ? [] : readOrNothing(stored)
  }

  *#updated(
    live: KubeObject,
    next: KubeObject,
    records: readonly ManagerRecord[],
    { manager, now }: UpdateContext,
  ): Steps<readonly ManagerRecord[]> {
    const after = this.#typed(next, stored, 'failed to convert new object', 'to smd typed')
    const before = live === next ? after : this.#typed(live, stored, 'failed to convert live object', 'to smd typed')
    const tracked = managedFieldsOf(live) === undefined ? records : records.map(withoutManagedFields)
    yield
    const { records: left, changed } = yield* this.#updater.update(before, after, tracked)
    const gained = stripUnowned(changed)
    yield
    if (isEmptySet(gained)) return capUpdateManagers(left)
    const self = this.#record(manager, 'Update', gained)
    const previous = left.find((record) => sameManager(record, self))
    if (previous === undefined) return capUpdateManagers([...left, { ...self, time: now }])
    const grown = { ...previous, set: union(previous.set, gained), time: now }
    return capUpdateManagers(left.map((record) => (record === previous ? grown : record)))
  }

  apply<T extends KubeObject>(live: T | undefined, configuration: unknown, context: ApplyContext): T {
    return allSteps(this.applyInSteps(live, configuration, context))
  }

  *applyInSteps<T extends KubeObject>(live: T | undefined, configuration: unknown, context: ApplyContext): Steps<T> {
    try {
      return (yield* this.#apply(live ?? this.#zero, configuration, context)) as T
    } catch (error) {
      if (error instanceof StatusError || error instanceof PendingConversion) throw error
      throw unexplained(messageOf(error))
    }
  }

  *#apply(live: KubeObject, configuration: unknown, context: ApplyContext): Steps<KubeObject> {
    const patch = asMembers(configuration as Json) ?? {}
    const kind = kindText(patch)
    if (kind !== kindText({ apiVersion: this.#apiVersion, kind: this.#options.kind })) {
      throw badRequest(`invalid object type: ${kind}`)
    }
    const records = yield* this.#recordsForApply(live, context)
    try {
      return yield* this.#applied(live, patch, records, context)
    } catch (error) {
      if (!(error instanceof Conflicts)) throw error
      const left = context.manager === kubectl ? this.#notOwnedByClientSideApply(live, error) : error.list
      if (left.length > 0) throw conflictError(left)
    }
    yield
    return yield* this.#applied(live, patch, records, { ...context, force: true })
  }

  *#recordsForApply(live: KubeObject, { now }: ApplyContext): Steps<readonly ManagerRecord[]> {
    const stored = readForApply(live)
    if (stored.length > 0) return stored
    const { unconvertible } = this.#options
    try {
      if (unconvertible !== undefined) {
        const object = objectText(asMembers(this.#zero) ?? {})
        throw new Error(`failed to convert live object (${object}) to proper version: ${unconvertible}`)
      }
      return yield* this.#updated(this.#zero, live, stored, { manager: beforeFirstApply, now })
    } catch (error) {
      if (error instanceof PendingConversion) throw error
      throw unexplained(`failed to create manager for existing fields: ${messageOf(error)}`)
    }
  }

  /** The conflicts that remain when `kubectl` may take what client-side apply owned before. */
  #notOwnedByClientSideApply(live: KubeObject, { list }: Conflicts): Conflicts['list'] {
    const type = this.#options.typeOf(this.#apiVersion)
    const owned = type && ownedByClientSideApply({ value: live, type, apiVersion: this.#apiVersion })
    return owned === undefined ? list : list.filter(({ path }) => !has(owned, path))
  }

  *#applied(
    live: KubeObject,
    patch: Members,
    records: readonly ManagerRecord[],
    { manager, now, force }: ApplyContext,
  ): Steps<KubeObject> {
    if (Array.isArray(asMembers(patch['metadata'])?.['managedFields'])) {
      throw badRequest('metadata.managedFields must be nil')
    }
    const config = this.#typed(objectOf(patch), {}, 'failed to create typed patch object')
    yield
    const before = this.#typed(live, stored, 'failed to create typed live object')
    const applier = this.#record(manager, 'Apply', emptySet)
    const previous = records.find((record) => sameManager(record, applier))
    const self = previous === undefined ? applier : { ...previous, apiVersion: this.#apiVersion }
    const applied = yield* this.#updater.apply(before, config, records, self, force === true)
    const changed = applied.object !== before
    yield
    const object = changed ? this.#finished(objectOf(applied.object.value), patch) : live
    yield
    const left: ManagerRecord[] = []
    for (const record of applied.records) {
      const mine = sameManager(record, applier)
      if (!mine) {
        left.push(record)
        continue
      }
      const set = sharedSet(stripUnowned(record.set), previous?.set)
      if (!isEmptySet(set)) left.push({ ...record, set, time: changed ? now : record.time })
    }
    yield
    const inStep = manager === kubectl ? objectOf(withLastApplied(object, patch)) : object
    return withManagedFields(inStep, writeManagedFields(left, managedFieldsOf(live), this.#recent))
  }

  #finished(merged: KubeObject, patch: Members): KubeObject {
    const failed = (why: string): Error =>
      unexplained(`failed to convert new object (${objectText(patch)}) to proper version: ${why}`)
    const { finish, unconvertible } = this.#options
    if (unconvertible !== undefined) throw failed(unconvertible)
    return readAs(patch, () => finish?.(merged) ?? merged, failed)
  }

  #record(manager: string, operation: ManagerRecord['operation'], set: ManagerRecord['set']): ManagerRecord {
    return {
      manager: manager === '' ? 'unknown' : manager,
      operation,
      apiVersion: this.#apiVersion,
      subresource: this.#subresource,
      time: undefined,
      set,
    }
  }

  /** The object with its type. `failure` and `end` say what could not be done when it doesn't fit. */
  #typed(object: KubeObject, options: ValidateOptions, failure: string, end = ''): TypedObject {
    const type = this.#options.typeOf(this.#apiVersion)
    const value = object
    const faults = type === undefined ? undefined : validate(type, value, options)
    if (type !== undefined && faults === undefined) return { value, type, apiVersion: this.#apiVersion }
    const members = asMembers(value) ?? {}
    const why = faults === undefined ? `no corresponding type for ${kindText(members)}` : faultText(faults)
    throw unexplained(`${failure} (${objectText(members)})${end === '' ? '' : ` ${end}`}: ${why}`)
  }
}

/** Values of fields are read one by one here: what is wrong with one does not name the field. */
const withoutField = (message: string): string =>
  message.replace(/(?<= into Go )struct field \S+(?= of type )/, 'value')

/** What reads a merged object by its type gives; `failed` makes the error where it can't be read so. */
function readAs<T>(object: Json, read: () => T, failed: (why: string) => Error): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    const kind = kindText(asMembers(object) ?? {})
    throw failed(`unable to convert unstructured object to ${kind}: ${withoutField(error.message)}`)
  }
}

/** What holds of objects that the server has decoded. */
const stored: ValidateOptions = { allowDuplicates: true, decoded: true }

function objectOf(value: Json): KubeObject {
  return value as KubeObject
}

const pathOfManagedFields = fieldPath('metadata', 'managedFields')

/**
 * Comparisons pass over `managedFields`, which an update always takes away before it puts them there anew: who claims to
 * own them, which no request brings about, no longer does.
 */
function withoutManagedFields(record: ManagerRecord): ManagerRecord {
  if (!has(record.set, pathOfManagedFields)) return record
  return { ...record, set: difference(record.set, setOf([pathOfManagedFields])) }
}

/** The known set where it is the same: entries that say the same are one object. */
function sharedSet(set: FieldSet, known: FieldSet | undefined): FieldSet {
  return known !== undefined && equalSets(set, known) ? known : set
}

function readOrNothing(...[entries]: Parameters<typeof readManagedFields>): readonly ManagerRecord[] {
  try {
    return readManagedFields(entries)
  } catch {
    return []
  }
}

function readForApply(live: KubeObject): readonly ManagerRecord[] {
  try {
    return readManagedFields(managedFieldsOf(live) ?? [])
  } catch (error) {
    throw unexplained(`failed to decode managed fields: ${messageOf(error)}`)
  }
}
