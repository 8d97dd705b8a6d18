import type { MetricFamily } from '#machinery'
import type { NonResourceHandler } from '../chain/handler.ts'
import { exposition } from './exposition.ts'
import type { FamilySource } from './source.ts'
import { stateFamilies } from './state.ts'

/** Further families of `/metrics`: of the process, which only the host knows, or of other parts. */
export type MetricsSource = () => readonly MetricFamily[]

/** `/metrics` and `/metrics/slis`, in Prometheus' formats. */
export function createMetrics(
  counted: FamilySource,
  health: FamilySource,
  sources: readonly MetricsSource[],
): NonResourceHandler {
  return ({ info: { path }, request, services }) => {
    const accept = request.headers['accept'] ?? ''
    if (path === '/metrics/slis') return exposition(accept, health.families())
    if (path !== '/metrics') return undefined
    const others = sources.flatMap((source) => source())
    return exposition(accept, [...counted.families(), ...stateFamilies(services), ...others])
  }
}
