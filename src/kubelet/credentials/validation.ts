import {
  aggregate,
  duplicate,
  errorBody,
  fieldForbidden,
  formatDuration,
  invalidValue,
  isQualifiedName,
  notSupported,
  notSupportedText,
  Path,
  required,
  urlProblem,
} from '#machinery'
import type { FieldError } from '#machinery'
import type { CredentialProvider, TokenAttributes, WrittenProvider } from './config.ts'
import { currentExchange, exchangeVersions } from './exchange.ts'

const cacheTypes = ['ServiceAccount', 'Token'] as const
const root = Path.of('providers')

/** @throws Error with all that is wrong with a CredentialProviderConfig. */
export function validatedProviders(written: readonly WrittenProvider[]): readonly CredentialProvider[] {
  const errors = validateProviders(written)
  if (errors.length === 0) return written as readonly CredentialProvider[]
  const all = aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`))
  throw new Error(`failed to validate credential provider config: ${all}`)
}

function validateProviders(providers: readonly WrittenProvider[]): readonly FieldError[] {
  if (providers.length === 0) return [required(root, 'at least 1 item in plugins is required')]
  const seen = new Set<string>()
  return providers.flatMap((provider) => [
    ...nameProblems(provider.name ?? '', seen),
    ...versionProblems(provider.apiVersion ?? ''),
    ...imageProblems(provider.matchImages ?? []),
    ...durationProblems(provider.defaultCacheDuration),
    ...(provider.tokenAttributes ? attributeProblems(provider.tokenAttributes, provider.apiVersion) : []),
  ])
}

function nameProblems(name: string, seen: Set<string>): FieldError[] {
  const at = root.child('name')
  const errors: FieldError[] = []
  if (name.includes('/')) errors.push(invalidValue(at, name, "provider name cannot contain '/'"))
  if (name.includes(' ')) errors.push(invalidValue(at, name, 'provider name cannot contain spaces'))
  if (name === '.' || name === '..') errors.push(invalidValue(at, name, `provider name cannot be '${name}'`))
  if (seen.has(name)) errors.push(duplicate(at, name))
  seen.add(name)
  return errors
}

function versionProblems(version: string): FieldError[] {
  const at = root.child('apiVersion')
  if (version === '') return [required(at)]
  return exchangeVersions.includes(version) ? [] : [notSupportedText(at, version, exchangeVersions)]
}

function imageProblems(images: readonly string[]): FieldError[] {
  const at = root.child('matchImages')
  if (images.length === 0) return [required(at, 'at least 1 item in matchImages is required')]
  return images.flatMap((image) => {
    const problem = urlProblem(`https://${image}`)
    return problem === undefined ? [] : [invalidValue(at, image, `match image is invalid: ${problem}`)]
  })
}

function durationProblems(duration: number | undefined): FieldError[] {
  const at = root.child('defaultCacheDuration')
  if (duration === undefined) return [required(at)]
  if (duration >= 0) return []
  const shown = formatDuration(BigInt(Math.round(duration * 1e6)))
  return [invalidValue(at, shown, 'must be greater than or equal to 0')]
}

function attributeProblems(attributes: Partial<TokenAttributes>, version: string | undefined): FieldError[] {
  const at = root.child('tokenAttributes')
  const { serviceAccountTokenAudience = '', requireServiceAccount, cacheType } = attributes
  const { requiredServiceAccountAnnotationKeys: needed = [], optionalServiceAccountAnnotationKeys: wanted = [] } =
    attributes
  const [neededAt, wantedAt] = [
    at.child('requiredServiceAccountAnnotationKeys'),
    at.child('optionalServiceAccountAnnotationKeys'),
  ]
  const errors: FieldError[] = []
  if (serviceAccountTokenAudience === '') errors.push(required(at.child('serviceAccountTokenAudience')))
  if (requireServiceAccount === undefined) errors.push(required(at.child('requireServiceAccount')))
  if (version !== currentExchange) {
    errors.push(fieldForbidden(at, `tokenAttributes is only supported for ${currentExchange} API version`))
  }
  if (requireServiceAccount === false && needed.length > 0) {
    const why = 'requireServiceAccount cannot be false when requiredServiceAccountAnnotationKeys is set'
    errors.push(fieldForbidden(neededAt, why))
  }
  errors.push(...keyProblems(needed, neededAt), ...keyProblems(wanted, wantedAt))
  const both = [...new Set(needed)].filter((key) => wanted.includes(key)).sort()
  if (both.length > 0) errors.push(invalidValue(at, both, 'annotation keys cannot be both required and optional'))
  return [...errors, ...cacheTypeProblems(cacheType ?? '', at.child('cacheType'))]
}

function keyProblems(keys: readonly string[], at: Path): FieldError[] {
  const seen = new Set<string>()
  return keys.flatMap((key) => {
    const errors = isQualifiedName(key.toLowerCase()).map((problem) => invalidValue(at, key, problem))
    if (seen.has(key)) errors.push(duplicate(at, key))
    seen.add(key)
    return errors
  })
}

function cacheTypeProblems(type: string, at: Path): FieldError[] {
  if (type === '') {
    const values = cacheTypes.join(', ')
    const why = `cacheType is required to be set when tokenAttributes is specified. Supported values are: ${values}`
    return [required(at, why)]
  }
  return (cacheTypes as readonly string[]).includes(type) ? [] : [notSupported(at, type, cacheTypes)]
}
