import { aggregate, errorBody, readDocument } from '#machinery'
import type { DocumentFields } from '#machinery'
import type { AuthorizationConfiguration, WebhookConfiguration } from './types.ts'
import { planAuthorization } from './validate.ts'
import type { FileProblem, PlannedAuthorizer } from './validate.ts'

const webhook: DocumentFields = {
  authorizedTTL: 'duration',
  cacheAuthorizedRequests: 'boolean',
  unauthorizedTTL: 'duration',
  cacheUnauthorizedRequests: 'boolean',
  timeout: 'duration',
  subjectAccessReviewVersion: 'string',
  matchConditionSubjectAccessReviewVersion: 'string',
  failurePolicy: 'string',
  connectionInfo: { fields: { type: 'string', kubeConfigFile: 'string' } },
  matchConditions: { list: { fields: { expression: 'string' } } },
}

const fields: DocumentFields = {
  authorizers: { list: { fields: { type: 'string', name: 'string', webhook: { fields: webhook } } } },
}

/**
 * Reads an AuthorizationConfiguration.
 * @param needed types that have to be among the authorizers, besides webhooks: those that were there when the server began
 * @throws Error
 */
export function readAuthorizationConfiguration(
  document: unknown,
  fileProblem: FileProblem,
  needed: readonly string[] = [],
): readonly PlannedAuthorizer[] {
  let configuration: AuthorizationConfiguration
  try {
    configuration = readDocument<AuthorizationConfiguration>(document, {
      group: 'apiserver.config.k8s.io',
      versions: ['v1', 'v1beta1', 'v1alpha1'],
      kind: 'AuthorizationConfiguration',
      fields,
    })
  } catch (cause) {
    throw new Error(`failed to load AuthorizationConfiguration from file: ${(cause as Error).message}`, { cause })
  }
  const { errors, authorizers } = planAuthorization(withDefaults(configuration), fileProblem)
  if (errors.length > 0) throw new Error(aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`)))
  const wrong = authorizers.flatMap(({ type, name }) => {
    const expected = authorizerName(type)
    return type === 'Webhook' || name === expected
      ? []
      : [`expected name ${expected} for authorizer ${type} instead of ${name}`]
  })
  const missing = needed.filter((type) => !authorizers.some((one) => one.type === type)).sort()
  if (missing.length > 0) wrong.push(`missing required types: [${missing.join(' ')}]`)
  if (wrong.length > 0) throw new Error(aggregate(wrong))
  return authorizers
}

/** How an authorizer is called that is not a webhook. */
export const authorizerName = (type: string): string => type.toLowerCase()

const fiveMinutes = 300_000
const halfMinute = 30_000

function withDefaults({ authorizers = [] }: AuthorizationConfiguration): AuthorizationConfiguration {
  const filled = (given: WebhookConfiguration): WebhookConfiguration => ({
    ...given,
    authorizedTTL: given.authorizedTTL || fiveMinutes,
    unauthorizedTTL: given.unauthorizedTTL || halfMinute,
  })
  return { authorizers: authorizers.map((one) => (one.webhook ? { ...one, webhook: filled(one.webhook) } : one)) }
}
