import type { Clock } from '#base'
import type { MetricFamily } from '#machinery'
import { AdmissionMetrics } from './admission.ts'
import { AuditMetrics } from './audit.ts'
import { AuthenticationMetrics } from './authentication.ts'
import { AuthorizationMetrics } from './authorization.ts'
import { hashOf } from './configuration.ts'
import { FilterMetrics } from './filters.ts'
import { RequestMetrics } from './requests.ts'
import type { FamilySource } from './source.ts'

/** What one API server counts of its own work, under upstream's names. What it only is, others tell: see `state.ts`. */
export class ServerMetrics implements FamilySource {
  readonly requests: RequestMetrics
  readonly filters: FilterMetrics = new FilterMetrics()
  readonly authentication: AuthenticationMetrics
  readonly authorization: AuthorizationMetrics
  readonly audit: AuditMetrics = new AuditMetrics()
  readonly admission: AdmissionMetrics = new AdmissionMetrics()

  /** @param identity of this server among several. */
  constructor(clock: Clock, identity: string) {
    const id = hashOf(identity)
    this.requests = new RequestMetrics(clock)
    this.authentication = new AuthenticationMetrics(clock, id)
    this.authorization = new AuthorizationMetrics(clock, id)
  }

  families(): readonly MetricFamily[] {
    const { requests, filters, authentication, authorization, audit, admission } = this
    const parts: readonly FamilySource[] = [requests, filters, authentication, authorization, audit, admission]
    return parts.flatMap((part) => part.families())
  }
}
