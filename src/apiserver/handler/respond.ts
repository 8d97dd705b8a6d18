import { messageOf } from '#base'
import type { StructType } from '#api'
import type { ApiResponse, Encoded, Headers, ObjectResponse } from '#client'
import {
  encodeProtobuf,
  encodeYaml,
  failure,
  internalError,
  notAcceptable,
  plainJson,
  prettyJson,
  statusOf,
  wantsPretty,
} from '#machinery'
import type { Status, StatusError } from '#machinery'
import {
  customRestrictions,
  hasRepresentation,
  negotiate,
  plainRestrictions,
  resourceRestrictions,
} from '../negotiation/accept.ts'
import type { OutputFormat, Restrictions } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import { builtinStruct } from '../resource/builtin-types.ts'

/** Text forms of an object, made on demand. */
export interface Encodable {
  readonly object: object
  /** Shape on the protobuf wire; absent where there is none. */
  readonly struct?: StructType
  /** JSON bytes, where they exist already. */
  readonly json?: () => Uint8Array
}

/**
 * The representation a request asks for.
 * @throws StatusError NotAcceptable
 */
export function outputFormat(context: RequestContext, restrictions: Restrictions = resourceRestrictions): OutputFormat {
  const { headers } = context.request
  if (context.unrouted) return negotiatedFormat(context, customRestrictions)
  const usual = restrictions === resourceRestrictions && (context.query.size === 0 || !context.query.has('pretty'))
  const known = usual ? formats.get(headers) : undefined
  if (known) return known
  requireRepresentation(context, restrictions.mediaTypes)
  const format = negotiatedFormat(context, restrictions)
  if (usual) formats.set(headers, format)
  return format
}

/** Of stored resources, by the headers of requests: transports give the same record for the same headers. */
const formats = new WeakMap<Headers, OutputFormat>()

/**
 * The same for what is not routed by media type.
 * @throws StatusError NotAcceptable
 */
export function negotiatedFormat(context: RequestContext, restrictions: Restrictions): OutputFormat {
  const { headers } = context.request
  const format = negotiate(headers['accept'], restrictions)
  if (!format) throw notAcceptableTypes(restrictions)
  return withLines(format, context)
}

/** The format with line breaks, if anything but the media type says that they are wanted. */
function withLines(format: OutputFormat, { request, query }: Pick<RequestContext, 'request' | 'query'>): OutputFormat {
  return format.pretty ? format : { ...format, pretty: wantsPretty(query, request.headers['user-agent'] ?? '') }
}

/**
 * Makes sure that the client takes one of the media types at all.
 * @throws StatusError NotAcceptable
 */
export function requireRepresentation(context: RequestContext, mediaTypes: readonly string[]): void {
  if (!hasRepresentation(context.request.headers['accept'], mediaTypes)) throw noRepresentation(context, mediaTypes)
}

/** Collections can be watched, which has representations of its own. */
function noRepresentation({ info }: RequestContext, mediaTypes: readonly string[]): StatusError {
  const streams = mediaTypes.filter((type) => type !== 'application/yaml').map((type) => `${type};stream=watch`)
  const types = info.verb === 'list' || info.verb === 'watch' ? [...mediaTypes, ...streams] : mediaTypes
  return failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`, {})
}

function notAcceptableTypes(restrictions: Restrictions): StatusError {
  const message = `only the following media types are accepted: ${restrictions.mediaTypes.join(', ')}`
  return notAcceptable(message)
}

/** An answer of one object. In-process callers take it as it is. */
export function objectResponse(
  code: number,
  encodable: Encodable,
  format: OutputFormat,
  headers?: Headers,
): ObjectResponse {
  return {
    kind: 'object',
    code,
    object: encodable.object,
    ...(headers === undefined ? {} : { headers }),
    encode: () => encode(encodable, format),
  }
}

const textEncoder = new TextEncoder()

export function encode(encodable: Encodable, format: OutputFormat): Encoded {
  switch (format.mediaType) {
    case 'application/json':
      return { contentType: 'application/json', bytes: encodeJsonForm(encodable, format.pretty) }
    case 'application/yaml':
      return { contentType: 'application/yaml', bytes: encodeYaml(encodable.object) }
    case 'application/vnd.kubernetes.protobuf': {
      if (!encodable.struct) throw internalError('no protobuf form of the object')
      return { contentType: format.mediaType, bytes: encodeProtobuf(encodable.struct, encodable.object) }
    }
  }
}

function encodeJsonForm({ object, json }: Encodable, pretty: boolean): Uint8Array {
  if (pretty) return textEncoder.encode(prettyJson(object))
  if (json) return json()
  return textEncoder.encode(`${plainJson(object)}\n`)
}

/**
 * The answer that an error becomes: its Status, or an internal error that says no more than it should. Who takes none of its
 * representations gets JSON that people can read.
 */
export function errorResponse(error: unknown, context: Pick<RequestContext, 'request' | 'query'>): ApiResponse {
  const status = toStatus(error)
  const { headers } = context.request
  const negotiated = negotiate(headers['accept'], plainRestrictions)
  const format: OutputFormat = negotiated
    ? withLines(negotiated, context)
    : { mediaType: 'application/json', pretty: true }
  const retryAfter = status.details?.retryAfterSeconds
  return objectResponse(
    status.code ?? 500,
    { object: status, struct: builtinStruct('meta/v1', 'Status') },
    format,
    retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) },
  )
}

export function toStatus(error: unknown): Status {
  const status = statusOf(error)
  if (status) return status
  const message = messageOf(error)
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 }
}
