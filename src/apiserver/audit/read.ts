import type { Policy } from '#api/audit/v1'
import { aggregate, errorBody, readDocument } from '#machinery'
import type { DocumentFields, DocumentShape } from '#machinery'
import { validateAuditPolicy } from './policy.ts'

const strings: DocumentShape = { list: 'string' }

const rule: DocumentFields = {
  level: 'string',
  users: strings,
  userGroups: strings,
  verbs: strings,
  resources: { list: { fields: { group: 'string', resources: strings, resourceNames: strings } } },
  namespaces: strings,
  nonResourceURLs: strings,
  omitStages: strings,
  omitManagedFields: 'boolean',
}

const fields: DocumentFields = {
  // What is said of the policy itself is of no use here.
  metadata: { map: 'any' },
  rules: { list: { fields: rule } },
  omitStages: strings,
  omitManagedFields: 'boolean',
}

/**
 * Reads a Policy of `audit.k8s.io/v1`.
 * @param tolerated hears of fields that are not known, which do not matter
 * @throws Error what is wrong with it
 */
export function readAuditPolicy(document: unknown, tolerated: (problem: string) => void): Policy {
  const {
    rules = [],
    omitStages,
    omitManagedFields,
  } = readDocument<Partial<Policy>>(
    document,
    { group: 'audit.k8s.io', versions: ['v1'], kind: 'Policy', fields },
    tolerated,
  )
  const policy: Policy = {
    kind: 'Policy',
    apiVersion: 'audit.k8s.io/v1',
    metadata: {},
    rules,
    ...(omitStages ? { omitStages } : {}),
    ...(omitManagedFields === undefined ? {} : { omitManagedFields }),
  }
  const errors = validateAuditPolicy(policy)
  if (errors.length > 0) throw new Error(aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`)))
  if (rules.length === 0) throw new Error('loaded illegal policy with 0 rules')
  return policy
}
