import type { ManagedFieldsEntry } from '#api/meta/v1'
import { keepText } from '../../codec/json/kept-text.ts'
import { markParsed } from '../fields/parse.ts'
import { equalSets, isLarge } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import type { ManagerRecord } from './records.ts'

/** Managers of one kind whose newest entry is remembered; there are few, but clients make up their names. */
const mostManagers = 16

/** Characters of the elements of a set, beyond which it is not remembered: clients make up fields as well. */
const mostCharacters = 8192

/**
 * The newest entry of each manager. What one manager writes is mostly alike: a kubelet sets the same fields of all its
 * pods. Such objects share one entry, or one set of fields at least, which takes memory once and is encoded once.
 */
export class RecentEntries {
  readonly #newest = new Map<string, ManagedFieldsEntry>()

  /** An entry that says what the record does. */
  entryOf(record: ManagerRecord): ManagedFieldsEntry {
    const key = `${record.operation} ${record.subresource} ${record.manager}`
    const newest = this.#newest.get(key)
    const known = newest?.fieldsV1 as FieldSet | undefined
    if (newest === undefined || known === undefined || !equalSets(known, record.set)) {
      markParsed(record.set)
      const entry = newEntry(record, record.set)
      return isLong(record.set) ? entry : this.#remember(key, entry)
    }
    keepText(known)
    if (saysSame(newest, record)) return newest
    return this.#remember(key, newEntry(record, known))
  }

  #remember(key: string, entry: ManagedFieldsEntry): ManagedFieldsEntry {
    if (this.#newest.size >= mostManagers) this.#newest.clear()
    this.#newest.set(key, entry)
    return entry
  }
}

/** Whether a set is too long to be remembered. */
export function isLong(set: FieldSet): boolean {
  return charactersOf(set, mostCharacters) > mostCharacters
}

/** Characters of the elements of a set; some number above `most`, where they are more. */
function charactersOf(set: FieldSet, most: number): number {
  // That many elements have more characters than that.
  if (isLarge(set)) return most + 1
  let count = 0
  for (const element in set) {
    count += element.length
    if (count > most) return count
    count += charactersOf(set[element] as FieldSet, most - count)
  }
  return count
}

/** Whether an entry found for the key of a record, with its fields, says what the record does. */
const saysSame = (entry: ManagedFieldsEntry, record: ManagerRecord): boolean =>
  entry.time === record.time &&
  entry.apiVersion === record.apiVersion &&
  (entry.manager ?? '') === record.manager &&
  (entry.subresource ?? '') === record.subresource

function newEntry(record: ManagerRecord, set: FieldSet): ManagedFieldsEntry {
  const made: { -readonly [field in keyof ManagedFieldsEntry]: ManagedFieldsEntry[field] } = {}
  if (record.manager !== '') made.manager = record.manager
  made.operation = record.operation
  made.apiVersion = record.apiVersion
  if (record.time !== undefined) made.time = record.time
  made.fieldsType = 'FieldsV1'
  made.fieldsV1 = set
  if (record.subresource !== '') made.subresource = record.subresource
  return made
}
