import type { DeleteOptions } from '#api/meta/v1'
import {
  badRequest,
  decodeEnvelope,
  decodeMessage,
  JsonError,
  normalize,
  parseJson,
  parseYaml,
  quote,
  unsupportedMediaType,
} from '#machinery'
import { builtinStruct } from '../resource/builtin-types.ts'
import type { RawBody } from './body.ts'

const knownVersions = new Set(['v1', 'meta.k8s.io/v1'])
const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27'

/**
 * The options in the body of a DELETE. Every group version has its DeleteOptions; all are the same.
 * @throws StatusError BadRequest
 */
export function decodeDeleteOptions(body: RawBody): DeleteOptions {
  const struct = builtinStruct('meta/v1', 'DeleteOptions')
  const value = body.kind === 'object' ? body.object : parse(body.bytes, body.mediaType)
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = (value ?? {}) as {
    readonly kind?: string
    readonly apiVersion?: string
  }
  if (kind !== 'DeleteOptions') {
    throw badRequest(
      knownVersions.has(apiVersion)
        ? `no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(scheme)}`
        : 'decoded object cannot be converted to DeleteOptions',
    )
  }
  try {
    return normalize(struct, { ...(value as object), kind, apiVersion: 'v1' }).value as DeleteOptions
  } catch (error) {
    throw error instanceof JsonError ? badRequest(error.message) : error
  }

  function parse(bytes: Uint8Array, mediaType: string): unknown {
    try {
      switch (mediaType) {
        case 'application/json':
          return parseJson(bytes).parsed
        case 'application/yaml':
          return parseYaml(bytes).body.parsed
        case 'application/vnd.kubernetes.protobuf': {
          const { kind, apiVersion, raw } = decodeEnvelope(bytes)
          return decodeMessage(struct, raw, { kind, apiVersion })
        }
      }
    } catch (error) {
      throw badRequest(
        `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  }
}
