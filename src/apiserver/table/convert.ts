import type { StructType } from '#api'
import type { ListMeta } from '#api/meta/v1'
import type { ApiResponse } from '#client'
import { badRequest, notAcceptable } from '#machinery'
import type { KubeObject } from '#machinery'
import { objectResponse } from '../handler/respond.ts'
import type { Conversion, OutputFormat } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import { builtinStruct, findBuiltinKind } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'

export interface Converted {
  readonly object: object
  readonly struct: StructType
}

/**
 * Objects as Table or metadata alone. `list` is the metadata of the list they come from, absent for a single object.
 * @throws StatusError NotAcceptable, BadRequest
 */
export function convertedResponse(
  code: number,
  endpoint: Endpoint,
  objects: readonly KubeObject[],
  list: ListMeta | undefined,
  format: OutputFormat,
  context: RequestContext,
): ApiResponse {
  const conversion = format.convert ?? { kind: '', group: '', version: '' }
  const converted = convert(endpoint, objects, list, conversion, context)
  return objectResponse(code, converted, format)
}

/** One object of a watch, converted. A Table has its columns unless `noHeaders`. */
export function convertObject(
  endpoint: Endpoint,
  object: KubeObject,
  conversion: Conversion,
  context: RequestContext,
  options: { readonly noHeaders: boolean },
): Converted {
  if (conversion.kind !== 'Table')
    return { object: partial(object, endpoint, conversion), struct: builtinStruct('meta/v1', 'PartialObjectMetadata') }
  return table(endpoint, [object], { ...resourceVersionOf(object) }, conversion, context, options.noHeaders)
}

function resourceVersionOf({ metadata }: KubeObject): ListMeta {
  return metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }
}

function convert(
  endpoint: Endpoint,
  objects: readonly KubeObject[],
  list: ListMeta | undefined,
  conversion: Conversion,
  context: RequestContext,
): Converted {
  const [first] = objects
  switch (conversion.kind) {
    case 'Table': {
      const noHeaders = context.query.get('noHeaders') === 'true'
      return table(endpoint, objects, list ?? (first ? resourceVersionOf(first) : {}), conversion, context, noHeaders)
    }
    case 'PartialObjectMetadata':
      if (list || !first)
        throw notAcceptable(
          `you requested PartialObjectMetadata, but the requested object is a list (*${goKind(endpoint)}List)`,
        )
      return { object: partial(first, endpoint, conversion), struct: builtinStruct('meta/v1', 'PartialObjectMetadata') }
    default: {
      if (!list)
        throw notAcceptable(
          `you requested PartialObjectMetadataList, but the requested object is not a list (*${goKind(endpoint)})`,
        )
      const items = objects.length === 0 ? null : objects.map((object) => partial(object, endpoint, conversion))
      return {
        object: { kind: 'PartialObjectMetadataList', apiVersion: versionOf(conversion), metadata: list, items },
        struct: builtinStruct('meta/v1', 'PartialObjectMetadataList'),
      }
    }
  }
}

const versionOf = ({ group, version }: Conversion): string => `${group}/${version}`

/** Kind of an endpoint's objects as messages name it. */
function goKind({ type, kind, group, version }: Endpoint): string {
  if (!type.struct) return 'unstructured.Unstructured'
  const folder = findBuiltinKind(groupVersionOf({ group, version }), kind)?.folder
  return folder === undefined ? kind : `${folder}.${kind}`
}

function partial({ metadata }: KubeObject, endpoint: Endpoint, conversion: Conversion): KubeObject {
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

function table(
  endpoint: Endpoint,
  objects: readonly KubeObject[],
  metadata: ListMeta,
  conversion: Conversion,
  context: RequestContext,
  noHeaders: boolean,
): Converted {
  const include = context.query.get('includeObject') ?? ''
  if (!includes.has(include)) {
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: "${include}": must be 'Metadata', 'Object', 'None', or empty`,
    )
  }
  const { columns, row } = endpoint.columns
  const now = context.clock.now()
  const columnDefinitions = columns.map(({ name, type, format = '', description = '', priority = 0 }) => ({
    name,
    type,
    format,
    description,
    priority,
  }))
  const rows = objects.map((object) => {
    const { cells, conditions } = row(object, now)
    const shown = include === 'Object' ? object : include === 'None' ? null : partial(object, endpoint, conversion)
    return { cells, ...(conditions ? { conditions } : {}), object: shown }
  })
  return {
    object: {
      kind: 'Table',
      apiVersion: versionOf(conversion),
      metadata,
      columnDefinitions: noHeaders ? null : columnDefinitions,
      rows,
    },
    struct: builtinStruct('meta/v1', 'Table'),
  }
}
