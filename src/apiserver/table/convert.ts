import type { StructType } from '#api'
import type { ListMeta } from '#api/meta/v1'
import type { ApiResponse } from '#client'
import { badRequest, failure, notAcceptable } from '#machinery'
import type { KubeObject } from '#machinery'
import { objectResponse } from '../handler/respond.ts'
import type { Conversion, OutputFormat } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import { builtinStruct, findBuiltinKind } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'

/** What forms of objects take from the endpoint that serves them. */
export type Displayed = Pick<Endpoint, 'group' | 'version' | 'kind' | 'type' | 'columns' | 'conversionAnnotations'>

export interface Converted {
  readonly object: object
  readonly struct: StructType
}

/** A list whose items are made one by one. */
export interface ListForm {
  /** All of the list but its items. */
  readonly head: { readonly kind: string; readonly apiVersion: string; readonly metadata: ListMeta }
  /** The field of the items, which is the list's last. */
  readonly key: 'items' | 'rows'
  /** Shape on the protobuf wire; absent where there is none. */
  readonly struct?: StructType
  readonly item: (object: KubeObject) => object
}

/**
 * A list of objects as Table or metadata alone.
 * @throws StatusError NotAcceptable, BadRequest
 */
export function convertedList(
  endpoint: Displayed,
  metadata: ListMeta,
  conversion: Conversion,
  context: RequestContext,
): ListForm {
  switch (conversion.kind) {
    case 'Table':
      return tableForm(endpoint, metadata, conversion, context, false)
    case 'PartialObjectMetadata':
      throw notAcceptable(
        `you requested PartialObjectMetadata, but the requested object is a list (*${goKind(endpoint)}List)`,
      )
    default:
      return {
        head: { kind: 'PartialObjectMetadataList', apiVersion: versionOf(conversion), metadata },
        key: 'items',
        struct: builtinStruct('meta/v1', 'PartialObjectMetadataList'),
        item: (object) => partial(object, endpoint, conversion),
      }
  }
}

/** The list as a whole. */
export function wholeList({ head, key, item }: ListForm, objects: readonly KubeObject[]): object {
  const none = objects.length === 0 && head.kind === 'PartialObjectMetadataList'
  return { ...head, [key]: none ? null : objects.map((object) => item(object)) }
}

/**
 * One object as Table or metadata alone.
 * @throws StatusError NotAcceptable, BadRequest
 */
export function convertedResponse(
  code: number,
  endpoint: Displayed,
  object: KubeObject,
  format: OutputFormat & { readonly convert: Conversion },
  context: RequestContext,
): ApiResponse {
  const { convert } = format
  if (convert.kind === 'PartialObjectMetadataList') {
    if (!endpoint.type.struct) throw failure(500, '', 'content is not a list')
    throw notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (*${goKind(endpoint)})`,
    )
  }
  return objectResponse(code, convertObject(endpoint, object, convert, context, { noHeaders: false }), format)
}

/** One object of a watch, converted. A Table has its columns unless `noHeaders`. */
export function convertObject(
  endpoint: Displayed,
  object: KubeObject,
  conversion: Conversion,
  context: RequestContext,
  options: { readonly noHeaders: boolean },
): Converted {
  if (conversion.kind !== 'Table')
    return { object: partial(object, endpoint, conversion), struct: builtinStruct('meta/v1', 'PartialObjectMetadata') }
  const form = tableForm(endpoint, resourceVersionOf(object), conversion, context, options.noHeaders)
  return { object: wholeList(form, [object]), struct: builtinStruct('meta/v1', 'Table') }
}

function resourceVersionOf({ metadata }: KubeObject): ListMeta {
  return metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }
}

const versionOf = ({ group, version }: Conversion): string => `${group}/${version}`

/** Kind of an endpoint's objects as messages name it. */
function goKind({ type, kind, group, version }: Displayed): string {
  if (!type.struct) return 'unstructured.Unstructured'
  const folder = findBuiltinKind(groupVersionOf({ group, version }), kind)?.folder
  return folder === undefined ? kind : `${folder}.${kind}`
}

function partial({ metadata }: KubeObject, endpoint: Displayed, conversion: Conversion): KubeObject {
  const { conversionAnnotations: made = [] } = endpoint
  const { annotations, ...rest } = metadata
  const lacks = annotations !== undefined && made.some((name) => annotations[name] !== undefined)
  const own = lacks ? Object.entries(annotations).filter(([name]) => !made.includes(name)) : []
  const left = own.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(own) }
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: versionOf(conversion),
    metadata: lacks ? left : metadata,
  }
}

const includes = new Set(['', 'Metadata', 'Object', 'None'])

/**
 * How much of the objects the rows of a table have.
 * @throws StatusError BadRequest
 */
export function includedObject({ query }: RequestContext): string {
  const include = query.get('includeObject') ?? ''
  if (includes.has(include)) return include
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: "${include}": must be 'Metadata', 'Object', 'None', or empty`,
  )
}

function tableForm(
  endpoint: Displayed,
  metadata: ListMeta,
  conversion: Conversion,
  context: RequestContext,
  noHeaders: boolean,
): ListForm {
  const include = includedObject(context)
  const { columns, row } = endpoint.columns
  const now = context.clock.now()
  const columnDefinitions = columns.map(({ name, type, format = '', description = '', priority = 0 }) => ({
    name,
    type,
    format,
    description,
    priority,
  }))
  const head = {
    kind: 'Table',
    apiVersion: versionOf(conversion),
    metadata,
    columnDefinitions: noHeaders ? null : columnDefinitions,
  }
  return {
    head,
    key: 'rows',
    item: (object) => {
      const { cells, conditions } = row(object, now)
      const shown = include === 'Object' ? object : include === 'None' ? null : partial(object, endpoint, conversion)
      return { cells, ...(conditions ? { conditions } : {}), object: shown }
    },
  }
}
