import type { Report } from '../report/report.ts'
import type { Row } from '../report/row.ts'
import * as rows from './rows.ts'
import { countOf, quantileOf } from './server-metrics.ts'
import type { Labels, ServerMetrics } from './server-metrics.ts'

/** Kinds of requests, each with a row: upstream's service levels bind all that are asked for often enough. */
const kinds: readonly (readonly [Row, (labels: Labels) => boolean])[] = [
  [rows.mutating, ({ verb = '' }) => ['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE'].includes(verb)],
  [rows.reading, ({ verb, scope }) => verb === 'GET' || (verb === 'LIST' && scope !== 'cluster')],
  [rows.listing, ({ verb, scope }) => verb === 'LIST' && scope === 'cluster'],
]

/** Fewer say nothing about one of a hundred. */
const leastRequests = 100

const metric = 'apiserver_request_sli_duration_seconds'

/** Tells of each kind of request the slowest, by resource and verb, and how many there were; lists may be fewer. */
export function recordLatencies(
  report: Report,
  system: string,
  metrics: ServerMetrics,
  only: readonly (readonly [Row, Row])[] = kinds.map(([row]) => [row, row]),
): void {
  for (const [row, isOfKind] of kinds) {
    const told = only.find(([kind]) => kind === row)?.[1]
    if (!told) continue
    const histograms = metrics.histograms(metric, (labels) => {
      const { verb, resource = '', subresource = '' } = labels
      if (resource === '' || !isOfKind(labels)) return undefined
      return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`
    })
    const all = metrics.histograms(metric, (labels) => (labels['resource'] && isOfKind(labels) ? 'all' : undefined))
    const least = row === rows.listing ? 1 : leastRequests
    const often = [...histograms].filter(([, buckets]) => countOf(buckets) >= least)
    const slowest = often
      .map(([name, buckets]) => ({ name, p99: quantileOf(buckets, 0.99), count: countOf(buckets) }))
      .sort((a, b) => b.p99 - a.p99)
    const total = all.get('all') ?? []
    report.record(system, told, slowest[0]?.p99 ?? 0, {
      requests: countOf(total),
      'p50 s': quantileOf(total, 0.5),
      'p99 s': quantileOf(total, 0.99),
      ...Object.fromEntries(slowest.slice(0, 5).map(({ name, p99 }) => [`${name.replaceAll(' ', '-')}-p99 s`, p99])),
    })
  }
}
