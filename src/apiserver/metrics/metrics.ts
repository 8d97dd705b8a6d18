import type { MetricFamily } from '#machinery'
import type { NonResourceHandler } from '../chain/handler.ts'
import { exposition } from './exposition.ts'
import type { FamilySource } from './source.ts'
import { stateFamilies } from './state.ts'

/** Further families of `/metrics`: of the process, which only the host knows, or of other parts. */
export type MetricsSource = () => readonly MetricFamily[]

/**
 * `/metrics` and `/metrics/slis`, in Prometheus' formats.
 * @param started when the server began, in milliseconds since 1970
 */
export function createMetrics(
  started: number,
  counted: FamilySource,
  health: FamilySource,
  sources: readonly MetricsSource[],
): NonResourceHandler {
  const headers = { 'process-start-time-unix': String(Math.floor(started / 1000)) }
  return ({ info: { path }, request, services }) => {
    const accept = request.headers['accept'] ?? ''
    if (path !== '/metrics' && path !== '/metrics/slis') return undefined
    const others = sources.flatMap((source) => source())
    if (path === '/metrics/slis') {
      const start = others.filter(({ name }) => name === 'process_start_time_seconds')
      return { ...exposition(accept, [...health.families(), ...start]), headers }
    }
    return { ...exposition(accept, [...counted.families(), ...stateFamilies(services), ...others]), headers }
  }
}
