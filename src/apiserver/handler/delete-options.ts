import { apiVersionOf } from '#api'
import type { StructType } from '#api'
import type { DeleteOptions } from '#api/meta/v1'
import {
  badRequest,
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

const knownVersions = new Set(['v1', 'meta.k8s.io/v1'])
const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27'

/**
 * The options in the body of a DELETE. Every group version has its DeleteOptions; all are the same.
 * @throws StatusError BadRequest
 */
export function decodeDeleteOptions(body: RawBody): DeleteOptions {
  const { kind, apiVersion, value } = body.kind === 'object' ? described(body.object) : read(body)
  if (kind !== '' && kind !== 'DeleteOptions') {
    throw badRequest(
      knownVersions.has(apiVersion)
        ? `no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(scheme)}`
        : 'decoded object cannot be converted to DeleteOptions',
    )
  }
  try {
    const named = { ...(value as object), kind: 'DeleteOptions', apiVersion: 'v1' }
    return normalize(struct(), named).value as DeleteOptions
  } catch (error) {
    throw error instanceof JsonError ? badRequest(error.message) : error
  }
}

/** A body with what it says it is. */
interface Read {
  readonly kind: string
  readonly apiVersion: string
  readonly value: unknown
}

const struct = (): StructType => builtinStruct('meta/v1', 'DeleteOptions')

function described(value: unknown): Read {
  const { kind = '', apiVersion = 'v1' } = (value ?? {}) as Partial<Read>
  return { kind, apiVersion, value }
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
        return { kind, apiVersion: apiVersion || 'v1', value: decodeMessage(struct(), raw, { kind, apiVersion }) }
      }
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (mediaType === 'application/vnd.kubernetes.protobuf') throw badRequest(why)
    throw badRequest(why.startsWith(unreadable) ? why : unreadable + why)
  }
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  )
}

const unreadable = "couldn't get version/kind; json parse error: "

function ofText(body: JsonBody): Read {
  const { group, version, kind } = typeMetaOf(body)
  return { kind, apiVersion: version === '' ? 'v1' : apiVersionOf({ group, version }), value: body.parsed }
}
