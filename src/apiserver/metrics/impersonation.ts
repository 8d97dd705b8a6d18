import { exponentialBounds, HistogramFamily, NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds. */
const bounds = exponentialBounds(0.001, 2, 15)
const labels = ['decision', 'mode'] as const

/** Who acts as somebody else (KEP-5284). */
export class ImpersonationMetrics implements FamilySource {
  readonly #attempts = new NumberFamily(
    'counter',
    'apiserver_impersonation_attempts_total',
    'Requests in the name of somebody else.',
    labels,
  )
  readonly #times = new HistogramFamily(
    'apiserver_impersonation_attempts_duration_seconds',
    'How long it took to find out whether somebody may act as somebody else, in seconds.',
    bounds,
    labels,
  )
  readonly #questions = new NumberFamily(
    'counter',
    'apiserver_impersonation_authorization_attempts_total',
    'Questions to authorizers whether somebody may act as somebody else.',
    labels,
  )
  readonly #questionTimes = new HistogramFamily(
    'apiserver_impersonation_authorization_attempts_duration_seconds',
    'How long authorizers took for these, in seconds.',
    bounds,
    labels,
  )

  /** @param mode by which it is allowed; empty when it is not */
  attempted(mode: string, milliseconds: number): void {
    const values = [mode === '' ? 'denied' : 'allowed', mode] as const
    this.#attempts.add(1, ...values)
    this.#times.observe(milliseconds / 1000, ...values)
  }

  asked(mode: string, allowed: boolean, milliseconds: number): void {
    const values = [allowed ? 'allowed' : 'denied', mode] as const
    this.#questions.add(1, ...values)
    this.#questionTimes.observe(milliseconds / 1000, ...values)
  }

  families(): readonly MetricFamily[] {
    return [this.#attempts, this.#times, this.#questions, this.#questionTimes]
  }
}
