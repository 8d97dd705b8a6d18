import { aggregate, errorBody, quote, readDocument } from '#machinery'
import type { DocumentFields, DocumentShape } from '#machinery'
import type { AuthenticationConfiguration } from './types.ts'
import { compileAuthentication } from './validate.ts'
import type { CompiledIssuer } from './validate.ts'

const strings: DocumentShape = { list: 'string' }
const claimOrExpression: DocumentFields = { claim: 'string', expression: 'string' }
const prefixed: DocumentShape = { fields: { ...claimOrExpression, prefix: 'string' } }

const issuer: DocumentFields = {
  url: 'string',
  discoveryURL: 'string',
  certificateAuthority: 'string',
  audiences: strings,
  audienceMatchPolicy: 'string',
  egressSelectorType: 'string',
}

const claimMappings: DocumentFields = {
  username: prefixed,
  groups: prefixed,
  uid: { fields: claimOrExpression },
  extra: { list: { fields: { key: 'string', valueExpression: 'string' } } },
}

const rule: DocumentFields = { claim: 'string', requiredValue: 'string', expression: 'string', message: 'string' }

const fields: DocumentFields = {
  jwt: {
    list: {
      fields: {
        issuer: { fields: issuer },
        claimValidationRules: { list: { fields: rule } },
        claimMappings: { fields: claimMappings },
        userValidationRules: { list: { fields: { expression: 'string', message: 'string' } } },
      },
    },
  },
  anonymous: { fields: { enabled: 'boolean', conditions: { list: { fields: { path: 'string' } } } } },
}

/** A configuration that is right in itself. */
export interface AuthenticationPlan {
  readonly issuers: readonly CompiledIssuer[]
  /** Absent where the configuration says nothing of requests without credentials. */
  readonly anonymous?: { readonly enabled: boolean; readonly paths: readonly string[] }
}

/**
 * Reads an AuthenticationConfiguration.
 * @param disallowed issuers of the server's own tokens, which no other may be
 * @throws Error
 */
export function readAuthenticationConfiguration(document: unknown, disallowed: readonly string[]): AuthenticationPlan {
  const configuration = readDocument<AuthenticationConfiguration>(document, {
    group: 'apiserver.config.k8s.io',
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    kind: 'AuthenticationConfiguration',
    fields,
  })
  return planOf(configuration, disallowed)
}

/** The same for a configuration that flags make. @throws Error */
export function planOf(configuration: AuthenticationConfiguration, disallowed: readonly string[]): AuthenticationPlan {
  const { errors, issuers } = compileAuthentication(configuration, disallowed)
  if (errors.length > 0) {
    const all = aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`))
    throw new Error(`invalid authentication configuration: ${all}`)
  }
  const egress = issuers.find(({ jwt }) => jwt.issuer?.egressSelectorType)?.jwt.issuer?.egressSelectorType
  // There is no egress configuration that could say where that leads.
  if (egress !== undefined) throw new Error(`oidc: egress lookup required with egress selector type ${quote(egress)}`)
  const { anonymous } = configuration
  if (!anonymous) return { issuers }
  const { enabled = false, conditions = [] } = anonymous
  return { issuers, anonymous: { enabled, paths: conditions.map(({ path = '' }) => path) } }
}
