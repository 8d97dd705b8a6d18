import type { EncryptionConfiguration, Key, KMSConfiguration, ProviderConfiguration } from '#api/apiserver/v1'
import { invalidValue, parseDuration, Path, required, urlProblem } from '#machinery'
import type { FieldError } from '#machinery'
import { decodeKey } from './keys.ts'
import { atLeastOne, validateResources } from './resource-rules.ts'

const aesSizes = [16, 24, 32]
const secretboxSizes = [32]

/** Upstream's rules for an EncryptionConfiguration. */
export function validateEncryptionConfiguration(
  { resources }: EncryptionConfiguration,
  reload: boolean,
): readonly FieldError[] {
  const root = Path.of('resources')
  // Lists that files leave out are absent, whatever their type says.
  if ((resources ?? []).length === 0) return [required(root, 'at least one resources is required')]
  const names = new Set<string>()
  return resources.flatMap((row, index) => {
    const at = root.index(index)
    const providers = row.providers ?? []
    return [
      ...validateResources(row.resources ?? [], at.child('resources')),
      ...(providers.length === 0 ? [required(at.child('providers'), atLeastOne(at.child('providers')))] : []),
      ...providers.flatMap((provider, each) =>
        validateProvider(provider, at.child('providers').index(each), names, reload),
      ),
    ]
  })
}

const kinds = ['kms', 'aesgcm', 'aescbc', 'secretbox', 'identity'] as const

function validateProvider(
  provider: ProviderConfiguration,
  at: Path,
  names: Set<string>,
  reload: boolean,
): readonly FieldError[] {
  const found = kinds.filter((kind) => provider[kind] !== undefined)
  const errors: FieldError[] = []
  if (found.length === 0) {
    const expected = 'KMS, AESGCM, AESCBC, Secretbox, Identity'
    errors.push(
      invalidValue(at, shown(provider), `provider does not contain any of the expected providers: ${expected}`),
    )
  } else if (found.length > 1) {
    const what = 'more than one provider specified in a single element, should split into different list elements'
    errors.push(invalidValue(at, shown(provider), what))
  }
  const kind = found[0]
  if (kind === 'kms' && provider.kms) {
    errors.push(...validateKms(provider.kms, at.child('kms'), names, reload))
    names.add(provider.kms.name)
  } else if (kind === 'aesgcm' || kind === 'aescbc' || kind === 'secretbox') {
    const sizes = kind === 'secretbox' ? secretboxSizes : aesSizes
    errors.push(...validateKeys(provider[kind]?.keys ?? [], at.child(kind, 'keys'), sizes))
  }
  return errors
}

/** A provider as messages have it; keys stay secret. */
function shown({ aesgcm, aescbc, secretbox, identity, kms }: ProviderConfiguration): object {
  const keys = (configuration: { readonly keys: readonly Key[] } | undefined): object | null =>
    configuration
      ? { Keys: configuration.keys?.map(({ name }) => ({ Name: name, Secret: '[REDACTED]' })) ?? null }
      : null
  return {
    AESGCM: keys(aesgcm),
    AESCBC: keys(aescbc),
    Secretbox: keys(secretbox),
    Identity: identity ?? null,
    KMS: kms
      ? {
          APIVersion: kms.apiVersion,
          Name: kms.name,
          CacheSize: kms.cachesize ?? null,
          Endpoint: kms.endpoint,
          Timeout: kms.timeout ?? null,
        }
      : null,
  }
}

function validateKeys(keys: readonly Key[], at: Path, sizes: readonly number[]): readonly FieldError[] {
  if (keys.length === 0) return [required(at, 'at least one keys is required')]
  return keys.flatMap((key, index) => validateKey(key, at.index(index), sizes))
}

function validateKey({ name, secret }: Key, at: Path, sizes: readonly number[]): readonly FieldError[] {
  const errors = name === '' ? [required(at.child('name'), 'name is a mandatory field for a key')] : []
  const place = at.child('secret')
  if (secret === '') return [...errors, required(place, 'secret is a mandatory field for a key')]
  const key = decodeKey(secret)
  if (!key) return [...errors, invalidValue(place, 'REDACTED', 'secrets must be base64 encoded')]
  if (sizes.includes(key.length)) return errors
  const expected = `secret is not of the expected length, got ${key.length}, expected one of [${sizes.join(' ')}]`
  return [...errors, invalidValue(place, 'REDACTED', expected)]
}

function validateKms(
  { apiVersion, name, timeout = '0s', endpoint, cachesize }: KMSConfiguration,
  at: Path,
  names: ReadonlySet<string>,
  reload: boolean,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const isV1 = apiVersion === 'v1'
  if (name === '') errors.push(required(at.child('name'), 'name is a mandatory field for a provider'))
  if (!isV1 && name.includes(':')) {
    errors.push(invalidValue(at.child('name'), name, `invalid KMS provider name ${name}, must not contain ':'`))
  }
  if ((reload || !isV1) && names.has(name)) {
    errors.push(invalidValue(at.child('name'), name, `duplicate KMS provider name ${name}, names must be unique`))
  }
  if (parseDuration(timeout) <= 0n)
    errors.push(invalidValue(at.child('timeout'), timeout, 'timeout should be a positive value'))
  errors.push(...validateEndpoint(endpoint, at.child('endpoint')))
  if (!isV1 && cachesize !== undefined)
    errors.push(invalidValue(at.child('cachesize'), cachesize, 'cachesize is not supported in v2'))
  if (isV1 && cachesize === 0) {
    const what = 'cachesize should be a positive value, or negative to disable'
    errors.push(invalidValue(at.child('cachesize'), cachesize, what))
  }
  if (!isV1 && apiVersion !== 'v2') {
    const what = 'unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported'
    errors.push(invalidValue(at.child('apiVersion'), apiVersion, what))
  }
  return errors
}

function validateEndpoint(endpoint: string, at: Path): readonly FieldError[] {
  if (endpoint === '') return [invalidValue(at, '', 'endpoint is a mandatory field for a kms')]
  const problem = urlProblem(endpoint)
  if (problem !== undefined) return [invalidValue(at, endpoint, `invalid endpoint for kms provider, error: ${problem}`)]
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(endpoint)?.[1]?.toLowerCase() ?? ''
  if (scheme === 'unix') return []
  return [invalidValue(at, endpoint, `unsupported scheme "${scheme}" for KMS provider, only unix is supported`)]
}
