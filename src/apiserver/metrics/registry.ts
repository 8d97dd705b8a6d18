import type { Clock } from '#base'
import type { MetricFamily } from '#machinery'
import { AdmissionMetrics } from './admission.ts'
import { AllocationMetrics } from './allocations.ts'
import { AuditMetrics } from './audit.ts'
import { AuthenticationMetrics } from './authentication.ts'
import { AuthorizationMetrics } from './authorization.ts'
import { BodyMetrics } from './bodies.ts'
import { ConditionMetrics } from './conditions.ts'
import { hashOf } from './configuration.ts'
import { ExpressionMetrics } from './expressions.ts'
import { FilterMetrics } from './filters.ts'
import { ImpersonationMetrics } from './impersonation.ts'
import { PodLogMetrics } from './pod-logs.ts'
import { PodSecurityMetrics } from './pod-security.ts'
import { PolicyMetrics } from './policies.ts'
import { RequestMetrics } from './requests.ts'
import { RestClientMetrics } from './rest-client.ts'
import { ServiceAccountMetrics } from './service-accounts.ts'
import type { FamilySource } from './source.ts'
import { StorageMetrics } from './storage.ts'
import { TokenCacheMetrics } from './token-cache.ts'
import { WatchMetrics } from './watches.ts'
import { WebhookMetrics } from './webhooks.ts'

/** What one API server counts of its own work, under upstream's names. What it only is, others tell: see `state.ts`. */
export class ServerMetrics implements FamilySource {
  readonly requests: RequestMetrics
  readonly filters: FilterMetrics = new FilterMetrics()
  readonly authentication: AuthenticationMetrics
  readonly authorization: AuthorizationMetrics
  readonly tokenCache: TokenCacheMetrics = new TokenCacheMetrics()
  readonly serviceAccounts: ServiceAccountMetrics = new ServiceAccountMetrics()
  readonly audit: AuditMetrics = new AuditMetrics()
  readonly impersonation: ImpersonationMetrics = new ImpersonationMetrics()
  readonly bodies: BodyMetrics = new BodyMetrics()
  readonly admission: AdmissionMetrics = new AdmissionMetrics()
  readonly webhooks: WebhookMetrics = new WebhookMetrics()
  readonly restClient: RestClientMetrics = new RestClientMetrics()
  readonly conditions: ConditionMetrics = new ConditionMetrics()
  readonly policies: PolicyMetrics = new PolicyMetrics()
  readonly podSecurity: PodSecurityMetrics = new PodSecurityMetrics()
  readonly expressions: ExpressionMetrics = new ExpressionMetrics()
  readonly allocations: AllocationMetrics = new AllocationMetrics()

  readonly podLogs: PodLogMetrics = new PodLogMetrics()
  readonly storage: StorageMetrics
  readonly watches: WatchMetrics = new WatchMetrics()

  /** @param identity of this server among several. */
  constructor(clock: Clock, identity: string) {
    const id = hashOf(identity)
    this.requests = new RequestMetrics(clock)
    this.storage = new StorageMetrics(clock)
    this.authentication = new AuthenticationMetrics(clock, id)
    this.authorization = new AuthorizationMetrics(clock, id)
  }

  families(): readonly MetricFamily[] {
    const parts: readonly FamilySource[] = [
      this.requests,
      this.filters,
      this.authentication,
      this.authorization,
      this.tokenCache,
      this.serviceAccounts,
      this.audit,
      this.impersonation,
      this.bodies,
      this.admission,
      this.webhooks,
      this.restClient,
      this.conditions,
      this.policies,
      this.podSecurity,
      this.expressions,
      this.allocations,
      this.podLogs,
      this.storage,
      this.watches,
    ]
    return parts.flatMap((part) => part.families())
  }
}
