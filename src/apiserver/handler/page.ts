import type { ListMeta, ListOptions } from '#api/meta/v1'
import { Turns } from '#base'
import type { Clock } from '#base'
import { failure, resourceExpired, StatusError } from '#machinery'
import type { KubeObject } from '#machinery'
import { CompactedError, FutureRevisionError } from '#store'
import type { Entry, KeyRange, Snapshot } from '#store'
import { decodeContinue, encodeContinue } from '../registry/continue-token.ts'
import { unreadableEntry } from '../registry/object-store.ts'
import type { ObjectStore } from '../registry/object-store.ts'
import type { Registry } from '../registry/registry.ts'
import type { Selection } from '../registry/selection.ts'
import { pageIsOver } from './page-age.ts'
import { parseResourceVersion, tooLargeResourceVersion } from './resource-version.ts'
import { isFromMemory, requireReadable } from './unreadable.ts'
import { isKept, waitForRevision } from './wait-for-revision.ts'

/** One page of objects of the stored version. */
export interface Page {
  /** Where the entries are from. */
  readonly objects: ObjectStore
  readonly entries: readonly Entry[]
  readonly metadata: ListMeta
}

/** Which part of a collection a page is made of. */
interface Part {
  readonly registry: Registry
  readonly selection: Selection
  /** Keys from where the page begins to the end of the collection. */
  readonly range: KeyRange
  /** What all keys of the collection begin with: tokens to go on with name what follows. */
  readonly prefix: string
  /** What the page counts as read from, by which tokens name keys: see {@link encodeContinue}. */
  readonly keys: 'memory' | 'store'
  /** Most objects; all when absent. */
  readonly limit: number | undefined
  readonly turns: Turns
}

/**
 * Reads a page by the rules of resourceVersion, resourceVersionMatch, limit and continue.
 * @throws StatusError BadRequest, Expired, or Timeout for a revision that is not there yet
 */
export async function readPage(
  registry: Registry,
  options: ListOptions,
  selection: Selection,
  clock: Clock,
): Promise<Page> {
  const { objects } = registry
  const whole = objects.range(selection.namespace)
  const limit = pageLimit(registry, options)
  const token = options.continue ? decodeContinue(options.continue, whole.start) : undefined
  const range = token ? { start: token.start, end: whole.end } : whole
  const keys = isKept(registry) ? 'memory' : 'store'
  const part: Part = { registry, selection, range, prefix: whole.start, keys, limit, turns: new Turns(clock) }
  if (token) {
    if (options.resourceVersion !== undefined && options.resourceVersion !== '0') {
      throw failure(400, 'BadRequest', 'specifying resource version is not allowed when using continue')
    }
    const { revision } = token
    // No store counts that far.
    if (typeof revision === 'bigint' && revision > 0)
      throw tooLargeResourceVersion(revision, objects.store.snapshot().revision, undefined)
    if (pageIsOver(objects.store, clock, Number(revision)) && revision >= 0) throw continueExpired(part)
    if (revision >= 0) return readAt(part, Number(revision), () => continueExpired(part))
    // The rest is read from the store, which heeds any limit.
    await objects.store.fresh()
    return pageOf({ ...part, keys: 'store', limit: options.limit || undefined }, objects.store.snapshot(), 'store')
  }
  const exact = exactRevision(options, limit)
  if (exact !== undefined) return readAt(part, exact, listExpired, options.resourceVersion)
  await waitForRevision(registry, options.resourceVersion)
  if (objects.isSealed && isFromMemory(options, selection.matches !== undefined)) await requireReadable(registry, clock)
  if (limit !== undefined) pageIsOver(objects.store, clock, 0)
  return pageOf(part, objects.store.snapshot())
}

/** Where any revision will do, the answer comes whole from what is known; of events nothing is kept to answer from. */
function pageLimit(registry: Registry, { limit = 0, resourceVersion }: ListOptions): number | undefined {
  return limit > 0 && !(resourceVersion === '0' && isKept(registry)) ? limit : undefined
}

/** With a limit, a resourceVersion without a match means that very revision. */
function exactRevision(options: ListOptions, limit: number | undefined): number | undefined {
  const { resourceVersion, resourceVersionMatch } = options
  if (resourceVersion === undefined) return undefined
  const revision = parseResourceVersion(resourceVersion)
  // However it is written, zero is no revision.
  if (revision === 0) return undefined
  return resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && limit !== undefined)
    ? revision
    : undefined
}

/**
 * @param gone the error for a revision that the store no longer has
 * @param asked the revision as the client wrote it, where it did; when to try again is not told to who wants just that one
 */
async function readAt(part: Part, revision: number, gone: () => StatusError, asked?: string): Promise<Page> {
  const { registry, range } = part
  const snapshot = registry.objects.store.snapshot()
  if (snapshot.revision === revision) return pageOf(part, snapshot)
  try {
    // No store counts that far.
    if (!Number.isSafeInteger(revision)) throw new FutureRevisionError(revision, snapshot.revision)
    const { entries } = await registry.objects.past(range, { revision })
    return await pageOf(part, snapshotOf(entries, revision), 'store')
  } catch (error) {
    if (error instanceof FutureRevisionError)
      throw tooLargeResourceVersion(BigInt(asked ?? revision), error.currentRevision, undefined)
    throw error instanceof CompactedError ? gone() : error
  }
}

/** Entries that were read, in the form of a snapshot of their range. */
function snapshotOf(entries: readonly Entry[], revision: number): Snapshot {
  return {
    revision,
    get: (key) => entries.find((entry) => entry.key === key),
    entries: () => entries,
    count: () => entries.length,
  }
}

const listExpired = (): StatusError => resourceExpired('The resourceVersion for the provided list is too old.')

/** The list can't go on as it was; with the token in this answer it goes on with what is newest. */
function continueExpired({ range: { start }, prefix }: Part): StatusError {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
    'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
    'deleted between the time the first chunk was returned and now may show up in the list.'
  const error = resourceExpired(message)
  const token = encodeContinue(start.endsWith('\u0000') ? start.slice(0, -1) : start, prefix, -1, 'store')
  return new StatusError({ ...error.status, metadata: { continue: token } })
}

/** @param from whether the snapshot is what memory has anyway, or was read for this page */
async function pageOf(part: Part, snapshot: Snapshot, from: 'memory' | 'store' = 'memory'): Promise<Page> {
  const { registry, selection, range, prefix, keys, limit, turns } = part
  const { objects } = registry
  const { matches, name, namespace } = selection
  // One object is no page, whatever the limit.
  if (name !== undefined && (namespace !== '' || !objects.resource.namespaced))
    return pageOfOne(part, objects.key(namespace, name), snapshot, from)
  const read = objects.readerOf(matches ? snapshot.count(range) : 0)
  if (matches && objects.isSealed) await objects.unlockAll(snapshot.entries(range), turns)
  const entries: Entry[] = []
  let further: ListMeta = {}
  let fetched = 0
  let last = ''
  for (const entry of snapshot.entries(range)) {
    if (limit !== undefined && entries.length >= limit) {
      const remaining = matches ? {} : { remainingItemCount: snapshot.count(range) - limit }
      further = { continue: encodeContinue(last, prefix, snapshot.revision, keys), ...remaining }
      break
    }
    last = entry.key
    fetched++
    if (!matches || matches(readable(read, entry))) entries.push(entry)
    const wait = turns.next()
    if (wait) await wait
  }
  if (objects.isSealed) await objects.openAll(entries, turns)
  objects.record?.listed(from, fetched, matches ? fetched : 0, entries.length)
  return { objects, entries, metadata: { resourceVersion: String(snapshot.revision), ...further } }
}

async function pageOfOne(
  { registry: { objects }, selection: { matches } }: Part,
  key: string,
  snapshot: Snapshot,
  from: 'memory' | 'store',
): Promise<Page> {
  const entry = snapshot.get(key)
  const found = entry ? [entry] : []
  if (objects.isSealed) await objects.openAll(found)
  const entries = found.filter((each) => !matches || matches(objects.object(each)))
  objects.record?.listed(from, found.length, matches ? found.length : 0, entries.length)
  return { objects, entries, metadata: { resourceVersion: String(snapshot.revision) } }
}

/** @throws StatusError InternalError that names the entry, when it can't be opened */
function readable(read: (entry: Entry) => KubeObject, entry: Entry): KubeObject {
  try {
    return read(entry)
  } catch (error) {
    throw unreadableEntry(entry, error)
  }
}
