import { newEntry, Tree } from '#store'
import type { Expiring, InitialState } from '#store'
import { openError, StoreOpenError } from './errors.ts'
import type { Environment } from './environment.ts'
import { readSweeps } from './lmdb-log.ts'
import type { Sweep } from './lmdb-log.ts'
import { decodeHeader, decodeRecord } from './record.ts'

/** Version of the databases' contents. */
const format = 1

/** Records read before others get a turn, and the environment the chance to let go of pages. */
const sliceRecords = 2_000

export interface Loaded {
  readonly initial: InitialState
  readonly sweeps: Sweep[]
}

/** Reads the state that a log leads to. @throws StoreOpenError */
export async function load(environment: Environment, directory: string): Promise<Loaded> {
  try {
    await checkFormat(environment, directory)
    return await read(environment)
  } catch (cause) {
    throw openError(directory, cause)
  }
}

async function checkFormat(environment: Environment, directory: string): Promise<void> {
  const stored = environment.getMeta('format')
  if (stored === undefined) {
    if (environment.size > 0) throw new Error('it has no format version')
    await environment.commit({ putMeta: [{ name: 'format', value: String(format) }] })
  } else if (Number(stored) > format) {
    const message = `the store in "${directory}" has format ${stored}, this program reads up to ${format}: use a newer one`
    throw new StoreOpenError('StoreNewerFormat', directory, message)
  } else if (stored !== String(format)) throw new Error(`its format version is "${stored}"`)
}

/** From the newest record backwards, the first of each key is its state; values before that need not be looked at. */
async function read(environment: Environment): Promise<Loaded> {
  const expected = environment.size
  const sweeps = readSweeps(environment)
  const edit = Tree.empty.edit()
  const deleted = new Set<string>()
  const expiring: Expiring[] = []
  let newest = 0
  let total = 0
  for (let start = Number.MAX_SAFE_INTEGER; ;) {
    const slice = { start, limit: sliceRecords, reverse: true }
    const count = environment.range(slice, (revision, record) => {
      newest = Math.max(newest, revision)
      start = revision - 1
      const { key, createRevision, expires, deleted: isDeletion } = decodeHeader(revision, record)
      if (deleted.has(key) || edit.get(key)) return
      if (isDeletion) deleted.add(key)
      else edit.put(newEntry(key, decodeRecord(revision, record).value, createRevision, revision, undefined))
      if (!isDeletion && expires > 0) expiring.push({ key, modRevision: revision, expires })
    })
    total += count
    if (count < sliceRecords) break
    await environment.refresh()
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (total !== expected) throw new Error(`its log has ${total} records and not ${expected}`)
  const revision = Math.max(newest, ...sweeps.map((sweep) => sweep.revision))
  const [all, ...partial] = sweeps
  const compactedRevision = all?.revision ?? 1
  return { initial: { tree: edit.tree(), revision, compactedRevision, compactions: partial, expiring }, sweeps }
}
