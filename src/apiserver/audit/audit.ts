import type { Policy } from '#api/audit/v1'
import type { Clock } from '#base'
import type { ApiRequest } from '#client'
import type { AuditBackend } from './backend.ts'
import { countingBackend } from './backend.ts'
import { auditRules } from './policy.ts'
import type { AuditRecord } from './record.ts'
import { AuditTrail } from './trail.ts'
import type { AuditedRequest } from './trail.ts'

export interface AuditOptions {
  readonly clock: Clock
  readonly policy: Policy
  readonly backend: AuditBackend
  readonly record?: AuditRecord
}

/** Begins the trail of a request; `undefined` when the policy does not want it. */
export type Audit = (asked: AuditedRequest) => AuditTrail | undefined

/** Writes down who did what, as the policy says. */
export function createAudit({ clock, policy, backend, record }: AuditOptions): Audit {
  const ruleOf = auditRules(policy)
  const counted = record ? countingBackend(backend, record) : backend
  return (asked) => {
    const rule = ruleOf(asked.attributes)
    record?.level(rule.level)
    if (rule.level === 'None') return undefined
    return new AuditTrail(asked, { rule, backend: counted, clock })
  }
}

/** What a request without a user tried, for the event of its refusal. */
export function attemptedAuthentication({ headers, connection }: ApiRequest): string {
  const [scheme = '', ...rest] = (headers['authorization'] ?? '').trim().split(' ')
  const tried = [
    ...(scheme.toLowerCase() === 'basic' && rest.length > 0 ? ['basic'] : []),
    ...(scheme.toLowerCase() === 'bearer' && rest.length > 0 ? ['bearer'] : []),
    ...(connection?.clientCertificate || connection?.certificateError ? ['x509'] : []),
  ]
  if (tried.length === 0) return 'Authentication failed, no credentials provided'
  return `Authentication failed, attempted: ${tried.join(', ')}`
}
