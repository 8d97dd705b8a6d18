import type {
  ClusterTrustBundleProjection,
  KeyToPath,
  PodCertificateProjection,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from '#api/core/v1'
import {
  fieldForbidden,
  invalidValue,
  isDNS1123Subdomain,
  notSupported,
  required,
  validateLabelSelector,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { shownSelector } from '../../../../common/selectors.ts'
import { internalForm } from '../../internal-form/internal-form.ts'
import type { PodValidationOptions } from '../../options.ts'
import { validateLocalNonReservedPath } from '../paths.ts'
import { validateDownwardFile, validateKeyToPath, validateMode } from './local.ts'
import { missing } from './missing.ts'

const shortestTokenLife = 10 * 60
const longestTokenLife = 2 ** 32
const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519']
const shortestCertificate = 3600
const longestCertificate = 91 * 24 * 60 * 60
const longestOwnCertificate = 24 * 60 * 60

/** Where a volume's files lie; each place is taken once. */
class Places {
  readonly #taken = new Set<string>()
  readonly #volume: Path

  constructor(volume: Path) {
    this.#volume = volume
  }

  /** The fault of a file at a place that is taken; `shown` is what the fault is told of. */
  take(file: string, shown: string): FieldError[] {
    if (!this.#taken.has(file)) {
      this.#taken.add(file)
      return []
    }
    return [invalidValue(this.#volume, shown, 'conflicting duplicate paths')]
  }
}

export function validateProjected(
  { sources, defaultMode }: ProjectedVolumeSource,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const places = new Places(path)
  return [
    ...validateMode(defaultMode, path.child('defaultMode')),
    ...(sources ?? []).flatMap((source, index) =>
      validateSource(source, places, path, path.child('sources').index(index), options),
    ),
  ]
}

function validateSource(
  source: VolumeProjection,
  places: Places,
  volume: Path,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source
  const errors: FieldError[] = []
  if (secret) errors.push(...validateKeys(secret, places, path.child('secret')))
  if (configMap) errors.push(...validateKeys(configMap, places, path.child('configMap')))
  if (downwardAPI) {
    for (const file of downwardAPI.items ?? []) {
      errors.push(...validateDownwardFile(file, path.child('downwardAPI')))
      if (file.path !== '') errors.push(...places.take(file.path, file.path))
    }
  }
  if (serviceAccountToken)
    errors.push(...validateToken(serviceAccountToken, volume, path.child('serviceAccountToken'), options))
  if (clusterTrustBundle) errors.push(...validateBundle(clusterTrustBundle, places, path.child('clusterTrustBundle')))
  if (podCertificate) errors.push(...validateCertificate(podCertificate, places, path.child('podCertificate')))
  const all = [secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate]
  if (all.filter(Boolean).length > 1)
    errors.push(fieldForbidden(path, 'may not specify more than 1 volume type per source'))
  return errors
}

function validateKeys(
  { name = '', items = [] }: { readonly name?: string; readonly items?: readonly KeyToPath[] },
  places: Places,
  path: Path,
): FieldError[] {
  const errors = missing({ name }, path)
  for (const [index, item] of items.entries()) {
    errors.push(...validateKeyToPath(item, path.child('items').index(index)))
    if (item.path !== '') errors.push(...places.take(item.path, name))
  }
  return errors
}

function validateToken(
  { expirationSeconds: seconds = 0, path: file }: ServiceAccountTokenProjection,
  volume: Path,
  path: Path,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = []
  const at = path.child('expirationSeconds')
  if (seconds < shortestTokenLife)
    errors.push(invalidValue(at, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds > longestTokenLife)
    errors.push(invalidValue(at, seconds, 'may not specify a duration larger than 2^32 seconds'))
  if (file === '') errors.push(required(volume.child('path')))
  else if (!options.allowNonLocalTokenPath) errors.push(...validateLocalNonReservedPath(file, volume.child('path')))
  return errors
}

function validateBundle(bundle: ClusterTrustBundleProjection, places: Places, path: Path): FieldError[] {
  const { name, signerName, labelSelector, path: file } = bundle
  const errors: FieldError[] = []
  if (name !== undefined && signerName !== undefined) {
    const shown = internalForm('ClusterTrustBundleProjection', bundle)
    errors.push(invalidValue(path, shown, 'only one of name and signerName may be used'))
  } else if (name !== undefined) {
    if (name === '') errors.push(required(path.child('name'), 'must be a valid object name'))
    for (const problem of bundleNameProblems(name))
      errors.push(invalidValue(path.child('name'), name, `not a valid clustertrustbundlename: ${problem}`))
    if (labelSelector) {
      const why = 'labelSelector must be unset if name is specified'
      errors.push(invalidValue(path.child('labelSelector'), shownSelector(labelSelector), why))
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.push(required(path.child('signerName'), 'must be a valid signer name'))
    errors.push(...validateSignerName(signerName, path.child('signerName')))
    errors.push(...validateLabelSelector(labelSelector, path.child('labelSelector')))
  } else errors.push(required(path, 'either name or signerName must be specified'))
  return [
    ...errors,
    ...missing({ path: file }, path),
    ...validateLocalNonReservedPath(file, path.child('path')),
    ...places.take(file, file),
  ]
}

/** Names of bundles that belong to a signer begin with its name, the slash a colon. */
function bundleNameProblems(name: string): readonly string[] {
  const colon = name.lastIndexOf(':')
  return isDNS1123Subdomain(colon === -1 ? name : name.slice(colon + 1))
}

/** `<domain>/<path>` */
function validateSignerName(name: string, at: Path): FieldError[] {
  if (name === '') return [required(at)]
  const parts = name.split('/')
  if (parts.length !== 2)
    return [invalidValue(at, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
  const [domain = '', rest = ''] = parts
  const errors = isDNS1123Subdomain(domain).map((problem) => invalidValue(at, name, `validating label: ${problem}`))
  if (!domain.includes('.'))
    errors.push(invalidValue(at, name, 'should be a domain with at least two segments separated by dots'))
  for (const problem of isDNS1123Subdomain(rest)) errors.push(invalidValue(at, name, problem))
  return errors
}

function validateCertificate(certificate: PodCertificateProjection, places: Places, path: Path): FieldError[] {
  const { signerName, keyType, maxExpirationSeconds: seconds } = certificate
  const errors = validateSignerName(signerName, path.child('signerName'))
  if (!keyTypes.includes(keyType)) errors.push(notSupported(path.child('keyType'), keyType, keyTypes))
  if (seconds !== undefined) {
    const at = path.child('maxExpirationSeconds')
    if (seconds < shortestCertificate)
      errors.push(invalidValue(at, seconds, `if provided, maxExpirationSeconds must be >= ${shortestCertificate}`))
    const longest = signerName.startsWith('kubernetes.io/') ? longestOwnCertificate : longestCertificate
    if (seconds > longest)
      errors.push(invalidValue(at, seconds, `if provided, maxExpirationSeconds must be <= ${longest}`))
  }
  let files = 0
  for (const field of ['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const) {
    const file = certificate[field]
    if (!file) continue
    files++
    errors.push(...validateLocalNonReservedPath(file, path.child(field)), ...places.take(file, file))
  }
  if (files === 0) {
    const why = 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath'
    errors.push(required(path, why))
  }
  return errors
}
