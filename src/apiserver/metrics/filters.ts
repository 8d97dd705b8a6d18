import { HistogramFamily } from '#machinery'
import type { Histogram, MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds. */
const bounds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 5, 10, 15, 30]

/** Steps of a request's way to what it asks for. */
export type FilterName =
  | 'authentication'
  | 'audit'
  | 'constrainedimpersonation'
  | 'priorityandfairness'
  | 'authorization'

/** How long each step took. */
export class FilterMetrics implements FamilySource, Record<FilterName, Histogram> {
  readonly #durations = new HistogramFamily(
    'apiserver_request_filter_duration_seconds',
    'How long a step took on the way of a request to what it asks for, in seconds.',
    bounds,
    ['filter'],
  )
  readonly authentication: Histogram = this.#durations.of('authentication')
  readonly audit: Histogram = this.#durations.of('audit')
  readonly constrainedimpersonation: Histogram = this.#durations.of('constrainedimpersonation')
  readonly priorityandfairness: Histogram = this.#durations.of('priorityandfairness')
  readonly authorization: Histogram = this.#durations.of('authorization')

  families(): readonly MetricFamily[] {
    return [this.#durations]
  }
}
