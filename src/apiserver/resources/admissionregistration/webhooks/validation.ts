import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '#api/admissionregistration/v1'
import { semanticEqual } from '#base'
import {
  duplicate,
  invalidValue,
  isDNS1035Label,
  isFullyQualifiedName,
  nameIsDNSSubdomain,
  notSupported,
  Path,
  required,
  validateLabelSelector,
  validateObjectMeta,
} from '#machinery'
import type { FieldError } from '#machinery'
import { hasInvalidValues } from '../../common/selectors.ts'
import { validateMatchConditions } from '../match-conditions.ts'
import { validateRuleWithOperations } from '../rules.ts'
import { validateClientConfig } from './client-config.ts'

const reviewVersions = ['v1', 'v1beta1']
const noSideEffects = ['None', 'NoneOnDryRun']
const sideEffects = [...noSideEffects, 'Some', 'Unknown']
const failurePolicies = ['Fail', 'Ignore']
const matchPolicies = ['Equivalent', 'Exact']
const reinvocationPolicies = ['IfNeeded', 'Never']
const maxTimeout = 30

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration
type Webhook = ValidatingWebhook | MutatingWebhook

/** What a configuration that stands may keep. */
interface Leniency {
  readonly matchConditions: boolean
  readonly sideEffects: boolean
  readonly reviewVersions: boolean
  readonly duplicateNames: boolean
  readonly selectorValues: boolean
}

const webhooksOf = (configuration: Configuration): readonly Webhook[] => configuration.webhooks ?? []

export const validateConfiguration = (configuration: Configuration): readonly FieldError[] =>
  validate(configuration, {
    matchConditions: false,
    sideEffects: false,
    reviewVersions: false,
    duplicateNames: false,
    selectorValues: false,
  })

export function validateConfigurationUpdate(
  configuration: Configuration,
  previous: Configuration,
): readonly FieldError[] {
  const old = webhooksOf(previous)
  const webhooks = webhooksOf(configuration)
  return validate(configuration, {
    matchConditions:
      webhooks.length === old.length &&
      webhooks.every(({ matchConditions }, index) => semanticEqual(matchConditions, old[index]?.matchConditions)),
    sideEffects: old.some((webhook) => !noSideEffects.includes(webhook.sideEffects)),
    reviewVersions: old.some(({ admissionReviewVersions: versions }) => {
      const list = versions ?? []
      return list.length > 0 && !list.some((version) => reviewVersions.includes(version))
    }),
    duplicateNames: new Set(old.map(({ name }) => name)).size < old.length,
    selectorValues: old.some(
      (webhook) => hasInvalidValues(webhook.namespaceSelector) || hasInvalidValues(webhook.objectSelector),
    ),
  })
}

function validate(configuration: Configuration, lenient: Leniency): readonly FieldError[] {
  const errors = [
    ...validateObjectMeta(configuration.metadata, { namespaced: false, name: nameIsDNSSubdomain }, Path.of('metadata')),
  ]
  const names = new Set<string>()
  for (const [index, webhook] of webhooksOf(configuration).entries()) {
    const at = Path.of('webhooks').index(index)
    errors.push(
      ...validateWebhook(webhook, at, lenient),
      ...validateReviewVersions(webhook, at.child('admissionReviewVersions'), lenient),
    )
    if (lenient.duplicateNames || webhook.name === '') continue
    if (names.has(webhook.name)) errors.push(duplicate(at.child('name'), webhook.name))
    names.add(webhook.name)
  }
  return errors
}

function oneOf(value: string | null | undefined, known: readonly string[], at: Path): readonly FieldError[] {
  return value === undefined || value === null || known.includes(value) ? [] : [notSupported(at, value, known)]
}

function validateWebhook(webhook: Webhook, at: Path, lenient: Leniency): readonly FieldError[] {
  const { timeoutSeconds: timeout } = webhook
  const effects = webhook.sideEffects as string | null | undefined
  const allowed = lenient.sideEffects ? sideEffects : noSideEffects
  const selectors = { allowInvalidValues: lenient.selectorValues }
  const errors = [
    ...isFullyQualifiedName(at.child('name'), webhook.name),
    ...(webhook.rules ?? []).flatMap((rule, index) => validateRuleWithOperations(rule, at.child('rules').index(index))),
    ...oneOf(webhook.failurePolicy, failurePolicies, at.child('failurePolicy')),
    ...oneOf(webhook.matchPolicy, matchPolicies, at.child('matchPolicy')),
  ]
  if (effects === undefined || effects === null)
    errors.push(required(at.child('sideEffects'), `must specify one of ${allowed.join(', ')}`))
  errors.push(...oneOf(effects, allowed, at.child('sideEffects')))
  if (timeout !== undefined && (timeout > maxTimeout || timeout < 1)) {
    const why = `the timeout value must be between 1 and ${maxTimeout} seconds`
    errors.push(invalidValue(at.child('timeoutSeconds'), timeout, why))
  }
  return [
    ...errors,
    ...validateLabelSelector(webhook.namespaceSelector, at.child('namespaceSelector'), selectors),
    ...validateLabelSelector(webhook.objectSelector, at.child('objectSelector'), selectors),
    ...('reinvocationPolicy' in webhook
      ? oneOf(webhook.reinvocationPolicy, reinvocationPolicies, at.child('reinvocationPolicy'))
      : []),
    ...validateClientConfig(webhook.clientConfig, at.child('clientConfig')),
    ...(lenient.matchConditions
      ? []
      : validateMatchConditions(webhook.matchConditions, false, at.child('matchConditions'))),
  ]
}

function validateReviewVersions(
  { admissionReviewVersions }: Webhook,
  at: Path,
  lenient: Leniency,
): readonly FieldError[] {
  const versions = admissionReviewVersions ?? []
  if (versions.length === 0) return [required(at, `must specify one of ${reviewVersions.join(', ')}`)]
  const seen = new Set<string>()
  const errors: FieldError[] = []
  for (const [index, version] of versions.entries()) {
    if (seen.has(version)) {
      errors.push(invalidValue(at.index(index), version, 'duplicate version'))
      continue
    }
    seen.add(version)
    for (const problem of isDNS1035Label(version)) errors.push(invalidValue(at.index(index), version, problem))
  }
  if (!lenient.reviewVersions && !versions.some((version) => reviewVersions.includes(version)))
    errors.push(invalidValue(at, versions, `must include at least one of ${reviewVersions.join(', ')}`))
  return errors
}
