import { HistogramFamily, usualBounds } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** What rules of custom resources, which are written in CEL, take. */
export class ExpressionMetrics implements FamilySource {
  readonly #evaluation = new HistogramFamily(
    'apiserver_cel_evaluation_duration_seconds',
    'How long it took to hold an object to the rules of its schema, in seconds.',
    usualBounds,
    [],
  )

  constructor() {
    this.#evaluation.of()
  }

  evaluated(milliseconds: number): void {
    this.#evaluation.observe(milliseconds / 1000)
  }

  families(): readonly MetricFamily[] {
    return [this.#evaluation]
  }
}
