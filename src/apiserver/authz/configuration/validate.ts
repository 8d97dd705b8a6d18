import {
  duplicate,
  formatDuration,
  invalidValue,
  isDNS1123Subdomain,
  notSupported,
  Path,
  required,
  tooMany,
} from '#machinery'
import type { FieldError } from '#machinery'
import { compileMatchCondition } from '../conditions.ts'
import type { MatchCondition } from '../conditions.ts'
import type { AuthorizationConfiguration, WebhookConfiguration } from './types.ts'

/** Who decides, as `--authorization-mode` names them. */
const authorizerTypes = ['ABAC', 'AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC', 'Webhook'] as const
export type AuthorizerType = (typeof authorizerTypes)[number]

/** An authorizer to be made. */
export interface PlannedAuthorizer {
  readonly type: AuthorizerType
  readonly name: string
  readonly webhook?: PlannedWebhook
}

/** Durations are in milliseconds; 0 keeps no answers. */
export interface PlannedWebhook {
  readonly allowedMs: number
  readonly refusedMs: number
  readonly timeoutMs: number
  readonly version: 'v1' | 'v1beta1'
  readonly onError: 'no opinion' | 'deny'
  readonly kubeconfig: string
  readonly conditions: readonly MatchCondition[]
}

/** Says why a file can't be used; only the host can tell. */
export type FileProblem = (file: string) => string | undefined

const mostConditions = 64
const longestTimeout = 30_000

/** What is wrong with a configuration, and the authorizers it asks for. */
export function planAuthorization(
  { authorizers = [] }: AuthorizationConfiguration,
  fileProblem: FileProblem,
): { readonly errors: readonly FieldError[]; readonly authorizers: readonly PlannedAuthorizer[] } {
  const root = Path.of('authorizers')
  const errors: FieldError[] = []
  if (authorizers.length === 0) errors.push(required(root, 'at least one authorization mode must be defined'))
  const [types, names] = [new Set<string>(), new Set<string>()]
  const planned = authorizers.flatMap<PlannedAuthorizer>(({ type = '', name = '', webhook }, index) => {
    const at = root.index(index)
    const known = authorizerTypes.find((each) => each === type)
    if (known === undefined) {
      const typeAt = at.child('type')
      errors.push(type === '' ? required(typeAt) : notSupported(typeAt, type, authorizerTypes))
      return []
    }
    if (types.has(type) && known !== 'Webhook') {
      errors.push(duplicate(at.child('type'), type))
      return []
    }
    types.add(type)
    errors.push(...validateName(name, names, at.child('name')))
    names.add(name)
    const webhookAt = at.child('webhook')
    if (known !== 'Webhook') {
      if (webhook) errors.push(invalidValue(webhookAt, 'non-null', 'may only be specified when type=Webhook'))
      return [{ type: known, name }]
    }
    if (!webhook) {
      errors.push(required(webhookAt, 'required when type=Webhook'))
      return []
    }
    errors.push(...validateWebhook(webhook, fileProblem, at))
    return [{ type: known, name, webhook: plannedWebhook(webhook, at, errors) }]
  })
  return { errors, authorizers: planned }
}

function validateName(name: string, names: ReadonlySet<string>, at: Path): readonly FieldError[] {
  if (name === '') return [required(at)]
  if (names.has(name)) return [duplicate(at, name)]
  const problems = isDNS1123Subdomain(name)
  return problems.length === 0 ? [] : [invalidValue(at, name, `authorizer name is invalid: ${problems.join(', ')}`)]
}

function validateWebhook(webhook: WebhookConfiguration, fileProblem: FileProblem, at: Path): readonly FieldError[] {
  const { timeout = 0, authorizedTTL = 0, unauthorizedTTL = 0, failurePolicy = '' } = webhook
  const { subjectAccessReviewVersion = '', matchConditionSubjectAccessReviewVersion = '' } = webhook
  const errors: FieldError[] = []
  const timeoutAt = at.child('timeout')
  if (timeout === 0) errors.push(required(timeoutAt))
  else if (timeout < 0 || timeout > longestTimeout) {
    errors.push(invalidValue(timeoutAt, formatDuration(timeout * 1e6), 'must be > 0s and <= 30s'))
  }
  for (const [name, life] of Object.entries({ authorizedTTL, unauthorizedTTL })) {
    if (life < 0) errors.push(invalidValue(at.child(name), formatDuration(life * 1e6), 'must be > 0s'))
  }
  errors.push(...oneOf(subjectAccessReviewVersion, ['v1', 'v1beta1'], at.child('subjectAccessReviewVersion')))
  const conditionVersionAt = at.child('matchConditionSubjectAccessReviewVersion')
  const hasConditions = (webhook.matchConditions ?? []).length > 0
  if (matchConditionSubjectAccessReviewVersion !== '')
    errors.push(...oneOf(matchConditionSubjectAccessReviewVersion, ['v1'], conditionVersionAt))
  else if (hasConditions) {
    errors.push(required(conditionVersionAt, 'required if match conditions are specified'))
  }
  errors.push(...oneOf(failurePolicy, ['NoOpinion', 'Deny'], at.child('failurePolicy')))
  errors.push(...validateConnection(webhook.connectionInfo ?? {}, fileProblem, at.child('connectionInfo')))
  return errors
}

function oneOf(value: string, known: readonly string[], at: Path): readonly FieldError[] {
  if (value === '') return [required(at)]
  return known.includes(value) ? [] : [notSupported(at, value, known)]
}

function validateConnection(
  { type = '', kubeConfigFile }: NonNullable<WebhookConfiguration['connectionInfo']>,
  fileProblem: FileProblem,
  at: Path,
): readonly FieldError[] {
  const fileAt = at.child('kubeConfigFile')
  switch (type) {
    case '':
      return [required(at.child('type'))]
    case 'InClusterConfig':
      if (kubeConfigFile === undefined) return []
      return [invalidValue(fileAt, kubeConfigFile, 'can only be set when type=KubeConfigFile')]
    case 'KubeConfigFile': {
      if (!kubeConfigFile) return [required(fileAt)]
      const problem = fileProblem(kubeConfigFile)
      return problem === undefined ? [] : [invalidValue(fileAt, kubeConfigFile, problem)]
    }
    default: {
      const value = { Type: type, KubeConfigFile: kubeConfigFile ?? null }
      return [notSupported(at.child('type'), value, ['InClusterConfig', 'KubeConfigFile'])]
    }
  }
}

function plannedWebhook(webhook: WebhookConfiguration, at: Path, errors: FieldError[]): PlannedWebhook {
  const { authorizedTTL = 0, cacheAuthorizedRequests, unauthorizedTTL = 0, cacheUnauthorizedRequests } = webhook
  return {
    allowedMs: cacheAuthorizedRequests === false ? 0 : authorizedTTL,
    refusedMs: cacheUnauthorizedRequests === false ? 0 : unauthorizedTTL,
    timeoutMs: webhook.timeout ?? 0,
    version: webhook.subjectAccessReviewVersion === 'v1beta1' ? 'v1beta1' : 'v1',
    onError: webhook.failurePolicy === 'Deny' ? 'deny' : 'no opinion',
    kubeconfig: webhook.connectionInfo?.kubeConfigFile ?? '',
    conditions: compileConditions(webhook.matchConditions ?? [], at.child('matchConditions'), errors),
  }
}

function compileConditions(
  conditions: NonNullable<WebhookConfiguration['matchConditions']>,
  root: Path,
  errors: FieldError[],
): readonly MatchCondition[] {
  if (conditions.length > mostConditions) {
    errors.push(tooMany(root, conditions.length, mostConditions))
    return []
  }
  const seen = new Set<string>()
  return conditions.flatMap(({ expression = '' }, index) => {
    const at = root.index(index).child('expression')
    if (expression.trim() === '') errors.push(required(at))
    else if (seen.has(expression)) errors.push(duplicate(at, expression))
    else {
      seen.add(expression)
      const outcome = compileMatchCondition(expression)
      if (!('problem' in outcome)) return [outcome]
      errors.push(invalidValue(at, expression, outcome.problem))
    }
    return []
  })
}
