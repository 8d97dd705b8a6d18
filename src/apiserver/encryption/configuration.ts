import type { EncryptionConfiguration } from '#api/apiserver/v1'
import { applyDefaults, decodeJson, parseYaml, quote } from '#machinery'
import { aggregate, errorBody } from '#machinery'
import { builtinStruct } from '../resource/builtin-types.ts'
import { validateEncryptionConfiguration } from './validation.ts'

const apiVersion = 'apiserver.config.k8s.io/v1'
const scheme = 'k8s.io/apiserver/pkg/server/options/encryptionconfig/config.go:142'

/**
 * Reads an EncryptionConfiguration, with its defaults.
 *
 * @param file name that messages have for it
 * @param reload whether the configuration is read again while the server runs
 * @throws Error with upstream's message
 */
export function readEncryptionConfiguration(bytes: Uint8Array, file: string, reload: boolean): EncryptionConfiguration {
  const name = `encryption provider configuration file ${quote(file)}`
  if (bytes.length === 0) throw new Error(`error while parsing file: error while loading file: ${name} is empty`)
  let configuration: EncryptionConfiguration
  try {
    configuration = decode(bytes)
  } catch (cause) {
    throw new Error(`error while parsing file: error decoding ${name}: ${(cause as Error).message}`, { cause })
  }
  const errors = validateEncryptionConfiguration(configuration, reload)
  if (errors.length === 0) return configuration
  throw new Error(
    `error while parsing file: ${aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`))}`,
  )
}

function decode(bytes: Uint8Array): EncryptionConfiguration {
  const { body, strictErrors } = parseYaml(bytes)
  const { kind = '', apiVersion: version = '' } = (body.parsed ?? {}) as {
    readonly kind?: string
    readonly apiVersion?: string
  }
  if (kind !== 'EncryptionConfiguration' || version !== apiVersion)
    throw new Error(`no kind ${quote(kind)} is registered for version ${quote(version)} in scheme ${quote(scheme)}`)
  const struct = builtinStruct('apiserver/v1', 'EncryptionConfiguration')
  const decoded = decodeJson(struct, body)
  const strict = [...strictErrors, ...decoded.strictErrors]
  if (strict.length > 0) throw new Error(`strict decoding error: ${strict.join(', ')}`)
  return applyDefaults<EncryptionConfiguration>(struct, decoded.value as EncryptionConfiguration)
}
