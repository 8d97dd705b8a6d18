import { NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { AuditRecord } from '../audit/record.ts'
import type { FamilySource } from './source.ts'

/** What is counted of audit events. */
export class AuditMetrics implements AuditRecord, FamilySource {
  readonly #events = new NumberFamily('counter', 'apiserver_audit_event_total', 'Audit events that were made.', [])
  readonly #errors = new NumberFamily('counter', 'apiserver_audit_error_total', 'Audit events that were lost.', [
    'plugin',
  ])
  readonly #levels = new NumberFamily('counter', 'apiserver_audit_level_total', 'Requests by their audit level.', [
    'level',
  ])
  readonly #rejected = new NumberFamily(
    'counter',
    'apiserver_audit_requests_rejected_total',
    'Requests that were refused because their audit event could not be written.',
    [],
  )

  event(): void {
    this.#events.add(1)
  }

  lost(plugin: string, events: number): void {
    this.#errors.add(events, plugin)
  }

  level(level: string): void {
    this.#levels.add(1, level)
  }

  rejected(): void {
    this.#rejected.add(1)
  }

  families(): readonly MetricFamily[] {
    return [this.#events, this.#errors, this.#levels, this.#rejected]
  }
}
