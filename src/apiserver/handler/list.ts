import type { ListMeta, ListOptions } from '#api/meta/v1'
import { Turns } from '#base'
import type { Clock } from '#base'
import type { ApiResponse } from '#client'
import {
  concatBytes,
  failure,
  internalError,
  parseFieldSelector,
  parseSelector,
  SelectorError,
  badRequest,
  resourceExpired,
  StatusError,
} from '#machinery'
import type { KubeObject } from '#machinery'
import { CompactedError, FutureRevisionError } from '#store'
import type { Entry, KeyRange, Snapshot } from '#store'
import { decodeContinue, encodeContinue } from '../registry/continue-token.ts'
import { unreadableEntry } from '../registry/object-store.ts'
import type { ObjectStore } from '../registry/object-store.ts'
import type { Registry } from '../registry/registry.ts'
import type { Selection } from '../registry/selection.ts'
import type { RequestContext } from '../request/context.ts'
import { completeListOptions } from '../request/list-options.ts'
import { decodeQuery } from '../request/query-options.ts'
import { builtinStruct, listStruct } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'
import { convertedList, wholeList } from '../table/convert.ts'
import type { ListForm } from '../table/convert.ts'
import { selectedPage, selectionOf } from './converted-selection.ts'
import type { EndpointSelection } from './converted-selection.ts'
import { fieldSelectorOf } from './field-labels.ts'
import { isKept, retryAfter, waitForRevision } from './get.ts'
import { chunksOfList } from './list-chunks.ts'
import type { PageObjects } from './list-mixed.ts'
import { objectResponse, outputFormat } from './respond.ts'
import { preparedObjects } from './prepared.ts'
import { pageIsOver } from './page-age.ts'
import { parseResourceVersion, tooLargeResourceVersion } from './resource-version.ts'
import type { OutputFormat } from '../negotiation/accept.ts'
import { isFromMemory, requireReadable } from './unreadable.ts'

/** One page of objects of the stored version. */
export interface Page {
  /** Where the entries are from. */
  readonly objects: ObjectStore
  readonly entries: readonly Entry[]
  readonly metadata: ListMeta
}

/** Options of a list or watch, read from the query and completed. A watch by its path alone has the options of a list. */
export function readListOptions(
  endpoint: Endpoint,
  context: RequestContext,
): { readonly options: ListOptions; readonly selection: EndpointSelection } {
  const decoded = decodeQuery<ListOptions>(builtinStruct('meta/v1', 'ListOptions'), context.query)
  const labels =
    decoded.labelSelector === undefined ? undefined : readSelector(() => parseSelector(decoded.labelSelector ?? ''))
  const parsedFields =
    decoded.fieldSelector === undefined
      ? undefined
      : readSelector(() => parseFieldSelector(decoded.fieldSelector ?? ''))
  const options = completeListOptions(decoded)
  const fields = fieldSelectorOf(endpoint, parsedFields, context.info)
  return { options, selection: selectionOf(endpoint, context.info.namespace, labels, fields) }
}

/** @throws StatusError BadRequest for a selector that can't be read. */
function readSelector<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error
  }
}

/** GET of a collection. */
export async function listObjects(endpoint: Endpoint, context: RequestContext): Promise<ApiResponse> {
  const format = outputFormat(context)
  const { options, selection } = readListOptions(endpoint, context)
  const { backing } = endpoint
  if (backing.kind !== 'stored') return listComputed(endpoint, selection, format, context)
  const registry = context.services.registryOf(backing.resource)
  return listResponse(endpoint, await readSelected(endpoint, registry, options, selection, context), context)
}

/** Reads a page. Where only conversion shows what is meant, it reads on until the page is full. */
export async function readSelected(
  endpoint: Endpoint,
  registry: Registry,
  options: ListOptions,
  selection: EndpointSelection,
  context: RequestContext,
): Promise<Page> {
  const read = await readPage(registry, options, selection, context.clock)
  if (!selection.converted) return read
  let page = await selectedPage(endpoint, read, selection, context)
  const { limit = 0 } = options
  while (page.metadata.continue !== undefined && page.entries.length < limit) {
    const rest = { limit: limit - page.entries.length, continue: page.metadata.continue }
    const further = await readPage(registry, rest, selection, context.clock)
    const { entries, metadata } = await selectedPage(endpoint, further, selection, context)
    page = { ...page, entries: [...page.entries, ...entries], metadata }
  }
  return page
}

/** A page as answer, in the format the request asks for. */
export function listResponse(
  endpoint: Endpoint,
  page: Page,
  context: RequestContext,
): ApiResponse | Promise<ApiResponse> {
  const { backing } = endpoint
  if (backing.kind !== 'stored' || !backing.prepare) return pageResponse(endpoint, page, context)
  const { objects } = context.services.registryOf(backing.resource)
  return preparedObjects(backing.prepare, objects, page.entries, context.clock).then((stored) =>
    pageResponse(endpoint, page, context, stored),
  )
}

/** @param stored the page's objects, if they were decoded already */
function pageResponse(
  endpoint: Endpoint,
  page: Page,
  context: RequestContext,
  stored?: readonly KubeObject[],
): ApiResponse {
  const format = outputFormat(context)
  const { backing } = endpoint
  if (backing.kind !== 'stored') throw internalError('a page of what is not stored')
  const { objects } = context.services.registryOf(backing.resource)
  const { entries, metadata } = page
  const read = objects.readerOf(entries.length)
  const own: PageObjects = {
    stored: (index) => stored?.[index] ?? read(entries[index] as Entry),
    shown: backing.fromStorage,
  }
  const whole = (): readonly KubeObject[] => entries.map((_, index) => own.shown(own.stored(index)))
  const form = format.convert
    ? convertedList(endpoint, metadata, format.convert, context)
    : plainList(endpoint, metadata)
  if (entries.length === 0) return formResponse(form, [], format)
  const { order } = endpoint.columns
  if (order && format.convert?.kind === 'Table') return formResponse(form, whole().toSorted(order), format)
  const chunks = chunksOfList(endpoint, page, form, format, own, context)
  return {
    kind: 'object',
    code: 200,
    get object() {
      return format.convert ? wholeList(form, whole()) : { ...listHead(endpoint), metadata, items: whole() }
    },
    encode: () => ({ contentType: chunks.contentType, bytes: concatBytes([...chunks.pieces()]) }),
    chunks,
    jsonPieces(shown) {
      const json = { ...format, mediaType: 'application/json' as const, pretty: false }
      const shownForm = shown ? { ...form, item: (object: KubeObject) => shown(form.item(object)) } : form
      return chunksOfList(endpoint, page, shownForm, json, own, context, { stored: !shown }).pieces()
    },
  }
}

function formResponse(form: ListForm, objects: readonly KubeObject[], format: OutputFormat): ApiResponse {
  return objectResponse(200, { ...form, object: wholeList(form, objects) }, format)
}

function plainList(endpoint: Endpoint, metadata: ListMeta): ListForm {
  const struct = listStruct(endpoint.type)
  return {
    // Lists of no Go type always say where they go on, be it nowhere.
    head: { ...listHead(endpoint), metadata: struct ? metadata : { continue: '', ...metadata } },
    key: 'items',
    // Items of built-in kinds do not repeat kind and apiVersion.
    item: struct ? withoutType : (object) => object,
    ...(struct ? { struct } : {}),
  }
}

function listHead(endpoint: Endpoint): { readonly kind: string; readonly apiVersion: string } {
  return { kind: `${endpoint.kind}List`, apiVersion: groupVersionOf(endpoint) }
}

function withoutType(item: KubeObject): object {
  const { kind: _, apiVersion: __, ...rest } = item
  return rest
}

async function listComputed(
  endpoint: Endpoint,
  selection: Selection,
  format: OutputFormat,
  context: RequestContext,
): Promise<ApiResponse> {
  const { backing } = endpoint
  const all = backing.kind === 'read' ? await backing.list(context) : []
  const objects = all.filter((object) => !selection.matches || selection.matches(object))
  if (format.convert) return formResponse(convertedList(endpoint, {}, format.convert, context), objects, format)
  const list = { ...listHead(endpoint), metadata: {}, items: objects }
  const form = plainList(endpoint, {})
  return { ...objectResponse(200, { ...form, object: wholeList(form, objects) }, format), object: list }
}

/** Reads a page by the rules of resourceVersion, resourceVersionMatch, limit and continue. */
async function readPage(registry: Registry, options: ListOptions, selection: Selection, clock: Clock): Promise<Page> {
  const turns = new Turns(clock)
  const { objects } = registry
  const range = objects.range(selection.namespace)
  const limit = pageLimit(registry, options)
  const token = options.continue ? decodeContinue(options.continue, range.start) : undefined
  if (token) {
    if (options.resourceVersion !== undefined && options.resourceVersion !== '0') {
      throw failure(400, 'BadRequest', 'specifying resource version is not allowed when using continue')
    }
    const pageRange = { start: token.start, end: range.end }
    const { revision } = token
    // No store counts that far.
    if (typeof revision === 'bigint' && revision > 0)
      throw tooLargeResourceVersion(revision, objects.store.snapshot().revision, retryAfter(registry))
    if (pageIsOver(objects.store, clock, Number(revision)) && revision >= 0)
      throw continueExpired(token.start, range.start)
    if (revision < 0) {
      await objects.store.fresh()
      return pageOf(registry, objects.store.snapshot(), pageRange, range.start, limit, selection, turns)
    }
    return readAt(registry, Number(revision), pageRange, range.start, limit, selection, true, turns)
  }
  const exact = exactRevision(options, limit)
  if (exact !== undefined) return readAt(registry, exact, range, range.start, limit, selection, false, turns)
  await waitForRevision(registry, options.resourceVersion)
  if (objects.isSealed && isFromMemory(options, selection.matches !== undefined)) await requireReadable(registry, clock)
  if (limit !== undefined) pageIsOver(objects.store, clock, 0)
  return pageOf(registry, objects.store.snapshot(), range, range.start, limit, selection, turns)
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

async function readAt(
  registry: Registry,
  revision: number,
  range: KeyRange,
  prefix: string,
  limit: number | undefined,
  selection: Selection,
  continuing: boolean,
  turns: Turns,
): Promise<Page> {
  const { store } = registry.objects
  const snapshot = store.snapshot()
  if (snapshot.revision === revision) return pageOf(registry, snapshot, range, prefix, limit, selection, turns)
  try {
    // No store counts that far.
    if (!Number.isSafeInteger(revision)) throw new FutureRevisionError(revision, snapshot.revision)
    const { entries } = await registry.objects.past(range, { revision })
    return await pageOf(registry, snapshotOf(entries, revision), range, prefix, limit, selection, turns, 'store')
  } catch (error) {
    if (error instanceof FutureRevisionError)
      throw tooLargeResourceVersion(BigInt(revision), error.currentRevision, retryAfter(registry))
    if (!(error instanceof CompactedError)) throw error
    throw continuing
      ? continueExpired(range.start, prefix)
      : resourceExpired('The resourceVersion for the provided list is too old.')
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

/** The list can't go on as it was; with the token in this answer it goes on with what is newest. */
function continueExpired(start: string, prefix: string): StatusError {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
    'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
    'deleted between the time the first chunk was returned and now may show up in the list.'
  const error = resourceExpired(message)
  const token = encodeContinue(start.endsWith('\u0000') ? start.slice(0, -1) : start, prefix, -1, 'store')
  return new StatusError({ ...error.status, metadata: { continue: token } })
}

async function pageOf(
  registry: Registry,
  snapshot: Snapshot,
  range: KeyRange,
  prefix: string,
  limit: number | undefined,
  selection: Selection,
  turns: Turns,
  from: 'memory' | 'store' = 'memory',
): Promise<Page> {
  const { objects } = registry
  const metadata = { resourceVersion: String(snapshot.revision) }
  const { matches, name } = selection
  // One object is no page, whatever the limit.
  if (name !== undefined && (selection.namespace !== '' || !objects.resource.namespaced)) {
    const entry = snapshot.get(objects.key(selection.namespace, name))
    const found = entry ? [entry] : []
    if (objects.isSealed) await objects.openAll(found)
    const entries = found.filter((each) => !matches || matches(objects.object(each)))
    objects.record?.listed(from, found.length, matches ? found.length : 0, entries.length)
    return { objects, entries, metadata }
  }
  const read = objects.readerOf(matches ? snapshot.count(range) : 0)
  if (matches && objects.isSealed) await objects.unlockAll(snapshot.entries(range), turns)
  const entries: Entry[] = []
  let fetched = 0
  const listed = (): void => objects.record?.listed(from, fetched, matches ? fetched : 0, entries.length)
  let last = ''
  for (const entry of snapshot.entries(range)) {
    if (limit !== undefined && entries.length >= limit) {
      const remaining = matches ? {} : { remainingItemCount: snapshot.count(range) - limit }
      if (objects.isSealed) await objects.openAll(entries, turns)
      listed()
      return {
        objects,
        entries,
        metadata: {
          ...metadata,
          continue: encodeContinue(last, prefix, snapshot.revision, isKept(registry) ? 'memory' : 'store'),
          ...remaining,
        },
      }
    }
    last = entry.key
    fetched++
    if (!matches || matches(readable(read, entry))) entries.push(entry)
    const wait = turns.next()
    if (wait) await wait
  }
  if (objects.isSealed) await objects.openAll(entries, turns)
  listed()
  return { objects, entries, metadata }
}

/** @throws StatusError InternalError that names the entry, when it can't be opened */
function readable(read: (entry: Entry) => KubeObject, entry: Entry): KubeObject {
  try {
    return read(entry)
  } catch (error) {
    throw unreadableEntry(entry, error)
  }
}
