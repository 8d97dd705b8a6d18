import { encodeText } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { NonResourceHandler } from '../chain/routes.ts'
import { Baseline } from './baseline.ts'
import { exposition } from './exposition.ts'
import type { FamilySource } from './source.ts'
import { stateFamilies } from './state.ts'

/** Further families of `/metrics`: of the process, which only the host knows, or of other parts. */
export type MetricsSource = () => readonly MetricFamily[]

const plain = 'text/plain; charset=utf-8'

/**
 * `/metrics` and `/metrics/slis`, in Prometheus' formats. DELETE has the counts of the former begin anew.
 * @param started when the server began, in milliseconds since 1970
 */
export function createMetrics(
  started: number,
  counted: FamilySource,
  health: FamilySource,
  sources: readonly MetricsSource[],
): NonResourceHandler {
  const baselines = { counted: new Baseline(), slis: new Baseline() }
  const headers = { 'process-start-time-unix': String(Math.floor(started / 1000)) }
  return ({ info: { path }, request, services }) => {
    const accept = request.headers['accept'] ?? ''
    if (path !== '/metrics' && path !== '/metrics/slis') return undefined
    const others = sources.flatMap((source) => source())
    const start = (): readonly MetricFamily[] => others.filter(({ name }) => name === 'process_start_time_seconds')
    const [baseline, families] =
      path === '/metrics'
        ? [baselines.counted, [...counted.families(), ...stateFamilies(services), ...others]]
        : [baselines.slis, [...health.families(), ...start()]]
    if (request.method === 'DELETE') {
      baseline.begin(families)
      return { kind: 'bytes', code: 200, headers, contentType: plain, bytes: encodeText('metrics reset\n') }
    }
    return { ...exposition(accept, baseline.since(families)), headers }
  }
}
