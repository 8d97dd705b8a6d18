import type { Draft, StructType } from '#api'
import { andThen, messageOf, pauseFor } from '#base'
import type { Pause } from '#base'
import {
  asJson,
  badRequest,
  decodeEnvelope,
  decodeJson,
  decodeMessage,
  decodeText,
  encodeJson,
  encodeText,
  JsonError,
  parseGroupVersion,
  parseJson,
  parseYaml,
  ProtobufError,
  quote,
  sortKeys,
  summarizeBody,
  typeMetaOf,
  unreadableBody,
  wellFormed,
  unsupportedMediaType,
} from '#machinery'
import type { JsonBody, KubeObject, StatusError, YamlBody } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import type { LongYamlReader } from '../services.ts'
import { findBuiltinKind } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { DecodedObject, ObjectType } from '../resource/object-type.ts'
import { isKnownElsewhere, schemeOf } from '../resource/scheme.ts'

/** Largest body of a request, in bytes. */
const bodyLimit: number = 3 * 1024 * 1024

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** A body as it came, read whole. In-process callers send the object itself. */
export type RawBody =
  | { readonly kind: 'object'; readonly object: unknown }
  | {
      readonly kind: 'bytes'
      readonly bytes: Uint8Array
      readonly mediaType: string
      /** What the bytes say, where they are YAML that was read elsewhere. @throws JsonError when they can't be read */
      readonly yaml?: () => YamlBody
      /** What the bytes say, where they are long JSON, which is read in a step of its own. @throws JsonError */
      readonly json?: () => JsonBody
    }

/**
 * Reads the body of a write; at once where all of it is there.
 * @throws StatusError RequestEntityTooLarge
 */
/** Tells how much came. */
export function tellBody({ trace }: RequestContext, body: RawBody): void {
  trace?.event('limitedReadBody succeeded', { len: body.kind === 'bytes' ? body.bytes.length : 0 })
}

export function readBody(context: RequestContext): RawBody | Promise<RawBody> {
  const { body } = context.request
  if (!body) return rawBody(new Uint8Array(), context)
  if (body.kind === 'object') return body
  return andThen(body.read(bodyLimit), (bytes) => rawBody(bytes, context))
}

function rawBody(bytes: Uint8Array, { request, info, services, clock }: RequestContext): RawBody | Promise<RawBody> {
  services.metrics.bodies.read(info, bytes.length)
  const mediaType = mediaTypeOf(request.headers['content-type'])
  const { readLongYaml } = services
  const pause = pauseFor(bytes.length, clock)
  if (pause && mediaType === 'application/json') return readFirst(bytes, mediaType, pause)
  if (!readLongYaml || bytes.length <= longYaml || !mediaType.endsWith('yaml'))
    return { kind: 'bytes', bytes, mediaType }
  return readElsewhere(bytes, readLongYaml).then((yaml) => ({ kind: 'bytes', bytes, mediaType, yaml }))
}

/** Reads long JSON, and lets others have their turn before what it says is decoded. */
async function readFirst(bytes: Uint8Array, mediaType: string, pause: Pause): Promise<RawBody> {
  const json = settled(() => parseJson(bytes))
  await pause()
  return { kind: 'bytes', bytes, mediaType, json }
}

/** Does something at once; what it came to, or what was thrown, is for whoever asks. */
function settled<T>(work: () => T): () => T {
  try {
    const result = work()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** YAML of more bytes than this takes too long to be read while others wait: 16 KB take some 20 ms. */
const longYaml = 16 * 1024

async function readElsewhere(bytes: Uint8Array, read: LongYamlReader): Promise<() => YamlBody> {
  const json = asJson(bytes)
  if (json) return () => json
  try {
    const { json: text, strictErrors } = await read(bytes)
    const yaml = { body: parseJson(text), strictErrors }
    return () => yaml
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return () => {
      throw error
    }
  }
}

/** Reads a body that is YAML. @throws JsonError when it can't be read. */
export function yamlOf(body: Extract<RawBody, { kind: 'bytes' }>): YamlBody {
  return body.yaml ? body.yaml() : parseYaml(body.bytes)
}

/** The media type without its parameters; JSON when none is said. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined || contentType === '' || contentType === 'application/json') return 'application/json'
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

/** Refuses a body in a format the endpoint does not read. */
function unknownFormat(mediaTypes: readonly string[]): Error {
  const message = 'the body of the request was in an unknown format - accepted media types include: '
  return unsupportedMediaType(message + mediaTypes.join(', '))
}

const protobufType = 'application/vnd.kubernetes.protobuf'
const textTypes: readonly string[] = ['application/json', 'application/yaml']
const allTypes: readonly string[] = [...textTypes, protobufType]

/**
 * Decodes a body as an object of `type`, defaulted and private to the caller. Fields the type does not have are refused,
 * warned of or passed over, as fieldValidation says.
 *
 * @throws StatusError BadRequest, UnsupportedMediaType
 */
export function decodeObject(
  body: RawBody,
  type: ObjectType,
  validation: FieldValidation,
  context: RequestContext,
): Draft<KubeObject> {
  requireReadable(body, type)
  const { object, strictErrors, refusal } =
    body.kind === 'object' ? decodeValue(body.object, type) : decodeBytes(body, type)
  const problem = refusal ? undefined : type.conversionProblem?.(object)
  if (problem !== undefined) throw cannotHandle(type.kind, type.version, type, problem)
  handleStrictErrors(strictErrors, validation, context, (errors) =>
    cannotHandle(type.kind, type.version, type, `strict decoding error: ${errors.join(', ')}`),
  )
  if (refusal) throw refusal
  return type.applyDefaults(object)
}

/** Does with unknown and duplicate fields what fieldValidation says. */
export function handleStrictErrors(
  errors: readonly string[],
  validation: FieldValidation,
  context: RequestContext,
  refuse: (errors: readonly string[]) => Error,
): void {
  if (errors.length === 0 || validation === 'Ignore') return
  if (validation === 'Strict') throw refuse(errors)
  for (const error of errors) for (const warning of warningsOf(error)) context.warnings.add(warning)
}

/** YAML's complaints come several at a time, under a heading of their own. */
function warningsOf(error: string): string[] {
  const lines = /^(?:error converting YAML to JSON: )?yaml: unmarshal errors:\n(.*)$/s.exec(error)?.[1]
  return lines === undefined ? [error] : lines.split('\n').map((line) => line.trim())
}

/**
 * Whether a written object of a built-in kind asks to forget who owns what, by an empty list; reading leaves empty lists out.
 * Of custom objects they are left out before anybody sees them.
 */
export function forgetsManagers(value: unknown): boolean {
  const { metadata } = (value ?? {}) as { readonly metadata?: { readonly managedFields?: unknown } | null }
  const entries = metadata?.managedFields
  return Array.isArray(entries) && entries.length === 0
}

function decodeValue(value: unknown, type: ObjectType): Readable {
  const { kind = type.kind, apiVersion = groupVersionOf(type) } = (value ?? {}) as {
    readonly kind?: string
    readonly apiVersion?: string
  }
  const slash = apiVersion.indexOf('/')
  checkType({ group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1), kind }, type)
  return decoding(type, type, () => type.normalize({ ...(value as object), kind, apiVersion }))
}

/**
 * Makes sure that a body is in a format that can be read.
 * @throws StatusError UnsupportedMediaType
 */
export function requireReadable(body: RawBody, { struct }: ObjectType): void {
  if (body.kind === 'object') return
  if (!allTypes.includes(body.mediaType)) throw unknownFormat(allTypes)
  // Nobody wrote a message for custom objects.
  if (!struct && body.mediaType === protobufType) throw unknownFormat(textTypes)
}

/** What was read, and why it is not taken after all. */
interface Readable extends DecodedObject {
  readonly refusal?: Error
}

function decodeBytes(raw: Extract<RawBody, { kind: 'bytes' }>, type: ObjectType): Readable {
  const { bytes, mediaType } = raw
  if (mediaType === protobufType && type.struct) {
    return decodeProtobuf(bytes, type, type.struct)
  }
  const { body, strictErrors } = parseText(raw, type)
  let meta
  try {
    meta = typeMetaOf(body)
  } catch (error) {
    throw unrecognized(bytes, type, error)
  }
  if (!type.struct) return decodeCustom(bytes, body, strictErrors, meta, type)
  const versioned = meta.version !== ''
  const named = {
    kind: meta.kind || type.kind,
    group: versioned ? meta.group : type.group,
    version: versioned ? meta.version : type.version,
  }
  checkType(named, type, (other) => decodeJson(other, body))
  const decoded = decoding(named, type, () => type.decode(body))
  const unknown =
    mediaType === 'application/yaml' && decoded.strictErrors.length > 1
      ? type.decode(inKeyOrder(body)).strictErrors
      : decoded.strictErrors
  decoded.object.kind = type.kind
  decoded.object.apiVersion = groupVersionOf(type)
  if (forgetsManagers(body.parsed)) decoded.object.metadata.managedFields = []
  return { object: decoded.object, strictErrors: [...strictErrors, ...unknown] }
}

/** YAML is read by way of JSON that has its keys in order. */
const inKeyOrder = ({ parsed }: JsonBody): JsonBody => parseJson(encodeText(encodeJson(sortKeys(parsed))))

/** Custom objects say themselves what they are, and are read before that is looked at. */
function decodeCustom(
  bytes: Uint8Array,
  body: JsonBody,
  strictErrors: readonly string[],
  named: NamedType,
  type: ObjectType,
): Readable {
  if (named.kind === '' || !Object.hasOwn(body.parsed ?? {}, 'kind')) {
    throw unrecognized(bytes, type, new JsonError(`Object 'Kind' is missing in '${decodeText(bytes)}'`))
  }
  const { object, strictErrors: more } = decoding(named, type, () => type.decode(body))
  const given = groupVersionOf(named)
  if (given === groupVersionOf(type)) return { object, strictErrors: [...strictErrors, ...more] }
  // The schema says nothing of the fields of others.
  const twice = more.filter((error) => error.startsWith('duplicate field'))
  return { object, strictErrors: [...strictErrors, ...twice], refusal: otherVersion(given, groupVersionOf(type)) }
}

function otherVersion(given: string, expected: string): Error {
  return badRequest(
    `the API version in the data (${wellFormed(given)}) does not match the expected API version (${expected})`,
  )
}

function decodeProtobuf(bytes: Uint8Array, type: ObjectType, struct: StructType): DecodedObject {
  const { kind, apiVersion, raw } = envelopeOf(bytes, type)
  const named = { kind: kind || type.kind, ...saidVersion(apiVersion, type) }
  checkType(named, type, (other) => decodeMessage(other, raw, { kind, apiVersion }))
  const meta = { kind: type.kind, apiVersion: groupVersionOf(type) }
  const object = decoding(named, type, () => decodeMessage(struct, raw, meta))
  return { object: object as Draft<KubeObject>, strictErrors: [] }
}

function envelopeOf(bytes: Uint8Array, type: ObjectType): ReturnType<typeof decodeEnvelope> {
  try {
    return decodeEnvelope(bytes)
  } catch (error) {
    throw error instanceof ProtobufError ? unrecognized(bytes, type, error) : error
  }
}

/** What an envelope says of its version; what can't be read is as if nothing were said. */
function saidVersion(apiVersion: string, type: ObjectType): ReturnType<typeof parseGroupVersion> {
  try {
    return parseGroupVersion(apiVersion || groupVersionOf(type))
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return type
  }
}

function parseText(
  raw: Extract<RawBody, { kind: 'bytes' }>,
  type: ObjectType,
): { readonly body: JsonBody; readonly strictErrors: readonly string[] } {
  const { bytes, mediaType } = raw
  if (mediaType === 'application/yaml') {
    try {
      return yamlOf(raw)
    } catch (error) {
      throw unrecognized(bytes, type, error)
    }
  }
  try {
    return { body: raw.json ? raw.json() : parseJson(bytes), strictErrors: [] }
  } catch (error) {
    throw unrecognized(bytes, type, error instanceof JsonError ? unreadableBody(error) : error)
  }
}

function decoding<T>(named: NamedType, type: ObjectType, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (error instanceof JsonError || error instanceof ProtobufError)
      throw cannotHandle(named.kind, named.version, type, error.message)
    throw error
  }
}

function unrecognized(bytes: Uint8Array, type: ObjectType, error: unknown): Error {
  const why = messageOf(error)
  return badRequest(
    `the object provided is unrecognized (must be of type ${type.kind}): ${why} (${summarizeBody(bytes)})`,
  )
}

function cannotHandle(kind: string, version: string, type: ObjectType, why: string): Error {
  return badRequest(`${wellFormed(kind)} in version ${quote(version)} cannot be handled as a ${type.kind}: ${why}`)
}

interface NamedType {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** Kinds that are still read in a version that is served no more: it has the same fields. */
const formerVersions: { readonly [kind: string]: string | undefined } = { 'policy/v1 Eviction': 'v1beta1' }

function isReadAs({ version }: NamedType, type: ObjectType): boolean {
  return version === type.version || version === formerVersions[`${groupVersionOf(type)} ${type.kind}`]
}

/** A body must be of the endpoint's own kind and version; what is of another is read as that before it is refused. */
function checkType(named: NamedType, type: ObjectType, readAs?: (other: StructType) => unknown): void {
  if (named.kind === type.kind && named.group === type.group && isReadAs(named, type)) return
  const given = groupVersionOf(named)
  const expected = groupVersionOf(type)
  // Custom objects are known by their group and version; validation looks at their kind.
  if (!type.struct && given === expected) return
  if (!type.struct || isKnownElsewhere(named, type.group)) {
    const other = readAs && findBuiltinKind(given, named.kind)
    if (other) decoding(named, type, () => readAs(other.struct))
    // Kinds of one name are the same in every group that has them.
    if (type.struct && named.kind !== type.kind) {
      const own = findBuiltinKind(expected, type.kind)?.folder ?? ''
      const conversion = `converting (${named.version}.${named.kind}) to (${own}.${type.kind}): unknown conversion`
      throw cannotHandle(named.kind, named.version, type, conversion)
    }
    throw otherVersion(given, expected)
  }
  const scheme = quote(schemeOf(type.group))
  throw cannotHandle(
    named.kind,
    named.version,
    type,
    `no kind ${quote(named.kind)} is registered for version ${quote(given)} in scheme ${scheme}`,
  )
}

/** An object that is written under a name must carry it. */
export function nameless(name: string): StatusError {
  return badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
}
