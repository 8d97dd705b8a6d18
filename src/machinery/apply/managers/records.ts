import { messageOf } from '#base'
import type { ManagedFieldsEntry } from '#api/meta/v1'
import type { FieldSet } from '../fields/set.ts'
import { parseFields } from '../fields/parse.ts'
import { compareText } from '../fields/text.ts'
import { encodeJson } from '../../codec/json/encode.ts'
import { quote } from '../../errors/quote.ts'
import { RecentEntries } from './recent-entries.ts'

/**
 * What one manager owns: an entry of `managedFields`, read. Two records are of the same manager when name, operation,
 * subresource and, for updates, version agree; see {@link sameManager}.
 */
export interface ManagerRecord {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  /** Group and version that the set is written in. */
  readonly apiVersion: string
  readonly subresource: string
  /** When the manager last changed something, as RFC 3339; `undefined` when it never did. */
  readonly time: string | undefined
  readonly set: FieldSet
  /** The entry that says just this, so that it needn't be made again. */
  readonly entry?: ManagedFieldsEntry
}

/** `managedFields` that can't be read. */
class ManagedFieldsError extends Error {}

export function sameManager(a: ManagerRecord, b: ManagerRecord): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
  )
}

/** Names a manager; managers that nothing else tells apart are in the order of these names. */
export function managerId(record: ManagerRecord): string {
  const { manager, operation, apiVersion, subresource } = record
  const parts: (readonly [string, string])[] = [
    ['manager', manager],
    ['operation', operation],
    ['apiVersion', operation === 'Apply' ? '' : apiVersion],
    ['subresource', subresource],
  ]
  const members = parts.filter(([, value]) => value !== '').map(([name, value]) => `"${name}":${encodeJson(value)}`)
  return `{${members.join(',')}}`
}

/**
 * Reads `managedFields`. Of several entries of one manager the last counts.
 *
 * @throws ManagedFieldsError when an entry is not right.
 */
export function readManagedFields(entries: readonly ManagedFieldsEntry[]): readonly ManagerRecord[] {
  const records = new Map<string, ManagerRecord>()
  for (let i = 0; i < entries.length; i++) {
    const record = readEntry(entries[i] as ManagedFieldsEntry, i)
    records.set(identityOf(record), record)
  }
  return [...records.values()]
}

/** The same text for records of the {@link sameManager}. */
function identityOf({ manager, operation, apiVersion, subresource }: ManagerRecord): string {
  const version = operation === 'Apply' ? '' : apiVersion
  return `${operation} ${version.length} ${version} ${subresource.length} ${subresource} ${manager}`
}

function readEntry(entry: ManagedFieldsEntry, index: number): ManagerRecord {
  const { apiVersion = '', fieldsType = '' } = entry
  const operation = operationOf(entry)
  if (apiVersion === '') throw new ManagedFieldsError('apiVersion must not be empty')
  if (fieldsType === '') throw new ManagedFieldsError(`missing fieldsType in managed fields entry ${index}`)
  if (fieldsType !== 'FieldsV1') {
    throw new ManagedFieldsError(`invalid fieldsType ${quote(fieldsType)} in managed fields entry ${index}`)
  }
  return {
    manager: entry.manager ?? '',
    operation,
    apiVersion,
    subresource: entry.subresource ?? '',
    time: entry.time ?? undefined,
    set: readSet(entry, index),
    entry,
  }
}

function operationOf({ operation }: ManagedFieldsEntry): ManagerRecord['operation'] {
  if (operation === 'Apply') return 'Apply'
  if (operation === 'Update') return 'Update'
  throw new ManagedFieldsError('operation must be `Apply` or `Update`')
}

function readSet(entry: ManagedFieldsEntry, index: number): FieldSet {
  try {
    return parseFields(entry.fieldsV1)
  } catch (error) {
    const why = messageOf(error)
    throw new ManagedFieldsError(`error decoding versioned set from managed fields entry ${index}: ${why}`)
  }
}

/**
 * The records as `managedFields`, in order: appliers first, then by time, name, version, subresource; `undefined` when
 * there are none. Entries that say the same are taken over from the records, and the whole list from `known`; new ones are
 * shared with other objects by way of `recent`.
 */
export function writeManagedFields(
  records: readonly ManagerRecord[],
  known: readonly ManagedFieldsEntry[] | undefined,
  recent: RecentEntries = new RecentEntries(),
): readonly ManagedFieldsEntry[] | undefined {
  if (records.length === 0) return undefined
  const ordered = records.length === 1 ? records : records.toSorted(compareRecords)
  const entries = ordered.map((record) => entryOf(record, recent))
  const same = known?.length === entries.length && entries.every((entry, index) => entry === known[index])
  return same ? known : entries
}

function entryOf(record: ManagerRecord, recent: RecentEntries): ManagedFieldsEntry {
  const { entry } = record
  const same =
    entry !== undefined &&
    entry.fieldsV1 === record.set &&
    entry.apiVersion === record.apiVersion &&
    (entry.time ?? undefined) === record.time
  return same ? entry : recent.entryOf(record)
}

function compareRecords(a: ManagerRecord, b: ManagerRecord): number {
  return (
    compareText(a.operation, b.operation) ||
    compareTimes(a, b) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  )
}

function compareTimes(a: ManagerRecord, b: ManagerRecord): number {
  if (a.time === b.time) return 0
  // Times of this form are in the order of their texts.
  if (isPlain(a.time) && isPlain(b.time)) return a.time < b.time ? -1 : 1
  return secondsOf(a) - secondsOf(b)
}

/** `2026-01-02T03:04:05Z`, as the server writes times. */
const isPlain = (time: string | undefined): time is string => time?.length === 20 && time.endsWith('Z')

/** Seconds since 1970; no time counts as the start of it. */
export function secondsOf(record: ManagerRecord): number {
  return record.time === undefined ? 0 : Math.floor(Date.parse(record.time) / 1000)
}

/**
 * Takes from `known` the entries that say the same as those of `entries`, so that equal ones are one object and what was
 * found out about them once is not looked for again.
 */
export function shareEntries(
  entries: readonly ManagedFieldsEntry[],
  known: readonly ManagedFieldsEntry[] | undefined,
): readonly ManagedFieldsEntry[] {
  if (known === undefined || known === entries) return entries
  const shared = entries.map((entry, index) => {
    const other = known[index]
    return other !== undefined && sameEntry(entry, other) ? other : entry
  })
  return shared.length === known.length && shared.every((entry, index) => entry === known[index]) ? known : shared
}

function sameEntry(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.time === b.time &&
    a.fieldsType === b.fieldsType &&
    a.subresource === b.subresource &&
    sameFields(a.fieldsV1, b.fieldsV1)
  )
}

/** Two values are trees of objects, as sets are, with the same keys. */
function sameFields(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isMap(a) || !isMap(b)) return false
  let count = 0
  for (const key in a) {
    if (key === '__proto__' || !sameFields(a[key], b[key])) return false
    count++
  }
  for (const _ in b) count--
  return count === 0
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
