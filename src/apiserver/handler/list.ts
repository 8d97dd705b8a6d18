import type { ListMeta, ListOptions } from '#api/meta/v1'
import type { ApiResponse } from '#client'
import { badRequest, concatBytes, internalError, parseFieldSelector, parseSelector, SelectorError } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { OutputFormat } from '../negotiation/accept.ts'
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
import { chunksOfList } from './list-chunks.ts'
import { readPage } from './page.ts'
import type { Page } from './page.ts'
import { preparedObjects } from './prepared.ts'
import { objectResponse, outputFormat } from './respond.ts'
import type { PageObjects, ShownPage } from './shown-page.ts'
import { tracedRead } from '../tracing/storage-spans.ts'

/** What a list or watch asks for. */
export interface ListRequest {
  readonly options: ListOptions
  readonly selection: EndpointSelection
}

/** Options of a list or watch, read from the query and completed. A watch by its path alone has the options of a list. */
export function readListOptions(endpoint: Endpoint, context: RequestContext): ListRequest {
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
  const asked = readListOptions(endpoint, context)
  const { backing } = endpoint
  if (backing.kind !== 'stored') return listComputed(endpoint, asked.selection, format, context)
  const registry = context.services.registryOf(backing.resource)
  return listResponse(endpoint, await readSelected(endpoint, registry, asked, context), context)
}

/** Reads a page. Where only conversion shows what is meant, it reads on until the page is full. */
export async function readSelected(
  endpoint: Endpoint,
  registry: Registry,
  { options, selection }: ListRequest,
  context: RequestContext,
): Promise<Page> {
  const read = await tracedRead(context, 'cacher.GetList', registry, () =>
    readPage(registry, options, selection, context.clock),
  )
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
  const shownPage: ShownPage = { endpoint, page, form, objects: own }
  const chunks = chunksOfList(shownPage, format, context)
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
      return chunksOfList({ ...shownPage, form: shownForm }, json, context, { stored: !shown }).pieces()
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
