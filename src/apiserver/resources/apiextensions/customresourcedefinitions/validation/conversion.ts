import type { CustomResourceConversion, WebhookClientConfig } from '#api/apiextensions/v1'
import {
  bytesOfBase64,
  decodePem,
  fieldForbidden,
  invalidValue,
  isDNS1035Label,
  notSupportedText,
  required,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateService, validateURL } from '../../../admissionregistration/webhooks/client-config.ts'

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
  return ['None', 'Webhook'].includes(strategy) ? [] : [notSupportedText(path, strategy, ['None', 'Webhook'])]
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
  else if (url !== undefined) errors.push(...validateURL(url, path.child('url')))
  else if (service) errors.push(...validateService({ ...service, port: service.port ?? 443 }, path.child('service')))
  if (!allowInvalidBundle && hasInvalidBundle(config)) {
    const detail = 'unable to load root certificates: unable to parse bytes as PEM block'
    errors.push(invalidValue(path.child('caBundle'), caBundle, detail))
  }
  return errors
}

/** Whether certificates were given that can't be read. */
export function hasInvalidBundle({ caBundle = '' }: WebhookClientConfig): boolean {
  return caBundle !== '' && !isBundle(caBundle)
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
