import { NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { HealthRecord } from '../health/health.ts'
import type { FamilySource } from './source.ts'

/** What became of health checks, for `/metrics/slis`. */
export class HealthResults implements HealthRecord, FamilySource {
  readonly #last = new NumberFamily(
    'gauge',
    'kubernetes_healthcheck',
    'Result of the newest check: 1 when it passed.',
    ['name', 'type'],
  )
  readonly #counts = new NumberFamily('counter', 'kubernetes_healthchecks_total', 'Checks by what became of them.', [
    'name',
    'status',
    'type',
  ])

  record(name: string, type: string, healthy: boolean): void {
    if (type === 'healthz') return
    this.#last.set(healthy ? 1 : 0, name, type)
    this.#counts.add(1, name, healthy ? 'success' : 'error', type)
  }

  families(): readonly MetricFamily[] {
    return [this.#last, this.#counts]
  }
}
