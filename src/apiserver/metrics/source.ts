import type { MetricFamily } from '#machinery'

/** Has something to tell on `/metrics`. */
export interface FamilySource {
  families(): readonly MetricFamily[]
}
