import { HistogramFamily, NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds, as upstream has them. */
const bounds = [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25]
const labels = ['kind', 'name', 'operation', 'type'] as const

/** Whose conditions: a webhook's or a policy's, on the way in or at its end. */
export interface Conditioned {
  readonly kind: 'webhook' | 'policy'
  readonly name: string
  readonly operation: string
  readonly type: 'admit' | 'validate' | 'validating'
}

/** What becomes of the match conditions of webhooks and policies. */
export class ConditionMetrics implements FamilySource {
  readonly #durations = new HistogramFamily(
    'apiserver_admission_match_condition_evaluation_seconds',
    'How long match conditions took, in seconds.',
    bounds,
    labels,
  )
  readonly #errors = new NumberFamily(
    'counter',
    'apiserver_admission_match_condition_evaluation_errors_total',
    'Match conditions that failed.',
    labels,
  )
  readonly #exclusions = new NumberFamily(
    'counter',
    'apiserver_admission_match_condition_exclusions_total',
    'Requests of which a webhook was not asked because of its match conditions.',
    labels,
  )

  evaluated({ kind, name, operation, type }: Conditioned, milliseconds: number, errors: number): void {
    this.#durations.observe(milliseconds / 1000, kind, name, operation, type)
    if (errors > 0) this.#errors.add(errors, kind, name, operation, type)
  }

  /** A webhook need not be asked. */
  excluded(name: string, operation: string, type: 'admit' | 'validate'): void {
    this.#exclusions.add(1, 'webhook', name, operation, type)
  }

  families(): readonly MetricFamily[] {
    return [this.#durations, this.#errors, this.#exclusions]
  }
}
