import { NumberFamily } from './family.ts'
import type { MetricFamily } from './text.ts'

/** What became of health checks, for `/metrics/slis` (KEP-3466). */
export class HealthResults {
  #last = lastResults()
  #counts = resultCounts()

  /** @param type the end point that was asked: `livez`. */
  record(name: string, type: string, healthy: boolean): void {
    this.#last.set(healthy ? 1 : 0, name, type)
    this.#counts.add(1, name, healthy ? 'success' : 'error', type)
  }

  /** Begins to count anew. */
  reset(): void {
    this.#last = lastResults()
    this.#counts = resultCounts()
  }

  families(): readonly MetricFamily[] {
    return [this.#last, this.#counts]
  }
}

const lastResults = (): NumberFamily =>
  new NumberFamily(
    'gauge',
    'kubernetes_healthcheck',
    '[STABLE] This metric records the result of a single healthcheck.',
    ['name', 'type'],
  )

const resultCounts = (): NumberFamily =>
  new NumberFamily(
    'counter',
    'kubernetes_healthchecks_total',
    '[STABLE] This metric records the results of all healthcheck.',
    ['name', 'status', 'type'],
  )
