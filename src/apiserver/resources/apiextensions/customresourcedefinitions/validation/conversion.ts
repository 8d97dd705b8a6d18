import type { CustomResourceConversion, WebhookClientConfig } from '#api/apiextensions/v1'
import {
  bytesOfBase64,
  decodePem,
  fieldForbidden,
  invalidValue,
  isDNS1035Label,
  notSupported,
  required,
} from '#machinery'
import type { FieldError, Path } from '#machinery'

/** Versions of ConversionReview that the server speaks. */
const reviewVersions = ['v1', 'v1beta1']

export interface ConversionOptions {
  readonly requireKnownReview: boolean
  readonly allowInvalidBundle: boolean
}

export function validateConversion(
  conversion: CustomResourceConversion | undefined,
  path: Path,
  options: ConversionOptions,
): FieldError[] {
  if (!conversion) return []
  const { strategy, webhook } = conversion
  const errors = strategyErrors(strategy, path.child('strategy'))
  const config = path.child('webhookClientConfig')
  const versions = webhook?.conversionReviewVersions ?? []
  if (strategy !== 'Webhook') {
    const detail = 'should not be set when strategy is not set to Webhook'
    if (webhook?.clientConfig) errors.push(fieldForbidden(config, detail))
    if (versions.length > 0) errors.push(fieldForbidden(path.child('conversionReviewVersions'), detail))
    return errors
  }
  if (!webhook?.clientConfig) errors.push(required(config, 'required when strategy is set to Webhook'))
  else errors.push(...clientErrors(webhook.clientConfig, config, options))
  return [...errors, ...reviewErrors(versions, path.child('conversionReviewVersions'), options)]
}

function strategyErrors(strategy: string, path: Path): FieldError[] {
  if (strategy === '') return [required(path)]
  return ['None', 'Webhook'].includes(strategy) ? [] : [notSupported(path, strategy, ['None', 'Webhook'])]
}

function clientErrors(
  config: WebhookClientConfig,
  path: Path,
  { allowInvalidBundle }: ConversionOptions,
): FieldError[] {
  const { url, service, caBundle = '' } = config
  const errors: FieldError[] = []
  if ((url === undefined) === (service === undefined))
    errors.push(required(path, 'exactly one of url or service is required'))
  else if (url !== undefined) errors.push(...urlErrors(url, path.child('url')))
  else if (service) {
    const at = path.child('service')
    // The API names one for the other.
    if (service.namespace === '') errors.push(required(at.child('name')))
    if (service.name === '') errors.push(required(at.child('namespace')))
    const { port = 443 } = service
    if (port < 1 || port > 65535)
      errors.push(invalidValue(at.child('port'), port, 'port is not valid: must be between 1 and 65535, inclusive'))
  }
  if (caBundle !== '' && !allowInvalidBundle && !isBundle(caBundle)) {
    const detail = 'unable to load root certificates: unable to parse bytes as PEM block'
    errors.push(invalidValue(path.child('caBundle'), caBundle, detail))
  }
  return errors
}

function urlErrors(text: string, path: Path): FieldError[] {
  const form = '; desired format: https://host[/path]'
  let url
  try {
    url = new URL(text)
  } catch {
    return [required(path, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid URI for request${form}`)]
  }
  const errors: FieldError[] = []
  if (url.protocol !== 'https:')
    errors.push(invalidValue(path, url.protocol.slice(0, -1), `'https' is the only allowed URL scheme${form}`))
  if (url.host === '') errors.push(invalidValue(path, url.host, `host must be specified${form}`))
  const user = /^[a-z]+:\/\/([^/?#]*)@/i.exec(text)?.[1]
  if (user !== undefined) errors.push(invalidValue(path, user, 'user information is not permitted in the URL'))
  const fragment = /#(.+)$/.exec(text)?.[1]
  if (fragment !== undefined) errors.push(invalidValue(path, fragment, 'fragments are not permitted in the URL'))
  if (url.search !== '')
    errors.push(invalidValue(path, url.search.slice(1), 'query parameters are not permitted in the URL'))
  return errors
}

function isBundle(base64: string): boolean {
  try {
    return decodePem(new TextDecoder().decode(bytesOfBase64(base64))).some(({ type }) => type === 'CERTIFICATE')
  } catch {
    return false
  }
}

function reviewErrors(
  versions: readonly string[],
  path: Path,
  { requireKnownReview }: ConversionOptions,
): FieldError[] {
  if (versions.length === 0) return [required(path)]
  const errors: FieldError[] = []
  const seen = new Set<string>()
  versions.forEach((version, index) => {
    if (seen.has(version)) errors.push(invalidValue(path.index(index), version, 'duplicate version'))
    else for (const problem of isDNS1035Label(version)) errors.push(invalidValue(path.index(index), version, problem))
    seen.add(version)
  })
  if (requireKnownReview && !versions.some((version) => reviewVersions.includes(version)))
    errors.push(invalidValue(path, versions, `must include at least one of ${reviewVersions.join(', ')}`))
  return errors
}

/** Whether an older definition names a review that the server speaks, or none at all. */
export function knowsReview(conversion: CustomResourceConversion | undefined): boolean {
  const versions = conversion?.webhook?.conversionReviewVersions ?? []
  return versions.length === 0 || versions.some((version) => reviewVersions.includes(version))
}
