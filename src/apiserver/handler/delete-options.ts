import { messageOf } from '#base'
import { apiVersionOf } from '#api'
import type { StructType } from '#api'
import type { DeleteOptions } from '#api/meta/v1'
import {
  badRequest,
  decodeJson,
  decodeEnvelope,
  decodeMessage,
  JsonError,
  normalize,
  parseJson,
  quote,
  typeMetaOf,
  unsupportedMediaType,
} from '#machinery'
import type { JsonBody } from '#machinery'
import { builtinStruct } from '../resource/builtin-types.ts'
import { yamlOf } from './body.ts'
import type { RawBody } from './body.ts'

/** The version of options that name none. */
const metaVersion = 'meta.k8s.io/v1'
/** Kinds that every group version has. */
const commonKinds: ReadonlySet<string> = new Set([
  'Status',
  'APIVersions',
  'APIGroup',
  'APIGroupList',
  'APIResourceList',
  'CreateOptions',
  'UpdateOptions',
])
const tableKinds = ['Table', 'TableOptions', 'PartialObjectMetadata', 'PartialObjectMetadataList']
/** Kinds of the versions of what all objects have in common. */
const metaKinds: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [metaVersion, new Set([...tableKinds, 'ListOptions', 'GetOptions', 'PatchOptions', 'WatchEvent'])],
  ['meta.k8s.io/v1beta1', new Set(tableKinds)],
])
const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27'

/**
 * The options in the body of a DELETE. Every group version has its DeleteOptions; all are the same.
 * @throws StatusError BadRequest
 */
export function decodeDeleteOptions(body: RawBody): DeleteOptions {
  const { kind, apiVersion, decode } = body.kind === 'object' ? described(body.object) : read(body)
  if (kind !== '' && kind !== 'DeleteOptions') throw badRequest(whyNoOptions(kind, apiVersion))
  try {
    return { ...(decode() as object), kind: 'DeleteOptions', apiVersion: 'v1' }
  } catch (error) {
    throw error instanceof JsonError ? badRequest(error.message) : error
  }
}

function whyNoOptions(kind: string, apiVersion: string): string {
  if (!commonKinds.has(kind) && !metaKinds.get(apiVersion)?.has(kind))
    return `no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(scheme)}`
  // All of these are the same type in both versions, but for one.
  const version = apiVersion === 'meta.k8s.io/v1beta1' && kind === 'PartialObjectMetadataList' ? 'v1beta1' : 'v1'
  return `converting (${version}.${kind}) to (v1.DeleteOptions): unknown conversion`
}

/** A body with what it says it is. */
interface Read {
  readonly kind: string
  readonly apiVersion: string
  /** The options, however they name themselves. @throws JsonError */
  readonly decode: () => unknown
}

const struct = (): StructType => builtinStruct('meta/v1', 'DeleteOptions')

function described(value: unknown): Read {
  const { kind = '', apiVersion = '' } = (value ?? {}) as Partial<Read>
  return { kind, apiVersion: apiVersion || metaVersion, decode: () => normalize(struct(), value ?? {}).value }
}

function read(body: Extract<RawBody, { kind: 'bytes' }>): Read {
  const { bytes, mediaType } = body
  try {
    switch (mediaType) {
      case 'application/json':
        return ofText(parseJson(bytes))
      case 'application/yaml':
        return ofText(yamlOf(body).body)
      case 'application/vnd.kubernetes.protobuf': {
        const { kind, apiVersion, raw } = decodeEnvelope(bytes)
        const value = decodeMessage(struct(), raw, { kind, apiVersion })
        return { kind, apiVersion: apiVersion || metaVersion, decode: () => value }
      }
    }
  } catch (error) {
    const why = messageOf(error)
    if (mediaType === 'application/vnd.kubernetes.protobuf') throw badRequest(why)
    throw badRequest(complete.some((beginning) => why.startsWith(beginning)) ? why : unreadable + why)
  }
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  )
}

const unreadable = "couldn't get version/kind; json parse error: "
/** What need not be said to come from reading. */
const complete = [unreadable, 'unexpected GroupVersion string: ', 'yaml: ']

function ofText(body: JsonBody): Read {
  const { group, version, kind } = typeMetaOf(body)
  const named = version === '' ? metaVersion : apiVersionOf({ group, version })
  return { kind, apiVersion: named, decode: () => decodeJson(struct(), body).value }
}
