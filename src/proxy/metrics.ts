import type { Clock } from '#base'
import type { EndpointSlice } from '#api/discovery/v1'
import { exponentialBounds, HistogramFamily, millisOf, NumberFamily, parseTime } from '#machinery'
import type { ServicePortRules } from './packet-filter.ts'

/** Seconds. */
const syncBounds = exponentialBounds(0.001, 2, 15)
const linear = (first: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + step * index)
const programmingBounds = [...linear(0.25, 0.25, 2), ...linear(1, 1, 59), ...linear(60, 5, 12), ...linear(120, 30, 7)]

const families = ['IPv4', 'IPv6'] as const
/** When what a slice shows began to change, as its controller knows (KEP-752). */
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'

const alpha = (help: string): string => `[ALPHA] ${help}`
const byFamily = ['ip_family'] as const
const times = (name: string, help: string, bounds: readonly number[]): HistogramFamily =>
  new HistogramFamily(`kubeproxy_${name}`, alpha(help), bounds, byFamily)
const number = (type: 'counter' | 'gauge', name: string, help: string, labels: readonly string[] = []): NumberFamily =>
  new NumberFamily(type, `kubeproxy_${name}`, alpha(help), labels)

/** Whose state is gathered when somebody asks. */
export interface ProxyMetricsInput {
  readonly clock: Clock
  /** All rules that are true now. */
  readonly rules: () => Iterable<ServicePortRules>
}

/** What the proxy does, counted under the names of kube-proxy. Both families are written at once, and count alike. */
export class ProxyMetrics {
  readonly #input: ProxyMetricsInput
  readonly #began: number
  readonly #sync = times('sync_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds', syncBounds)
  readonly #full = times(
    'sync_full_proxy_rules_duration_seconds',
    'SyncProxyRules latency in seconds for full resyncs',
    syncBounds,
  )
  readonly #partial = times(
    'sync_partial_proxy_rules_duration_seconds',
    'SyncProxyRules latency in seconds for partial resyncs',
    syncBounds,
  )
  readonly #programming = times(
    'network_programming_duration_seconds',
    'In Cluster Network Programming Latency in seconds',
    programmingBounds,
  )
  readonly #synced = number(
    'gauge',
    'sync_proxy_rules_last_timestamp_seconds',
    'The last time proxy rules were successfully synced',
    byFamily,
  )
  readonly #queued = number(
    'gauge',
    'sync_proxy_rules_last_queued_timestamp_seconds',
    'The last time a sync of proxy rules was queued',
    byFamily,
  )
  readonly #failures = number(
    'counter',
    'sync_proxy_rules_nftables_sync_failures_total',
    'Cumulative proxy nftables sync failures',
    byFamily,
  )
  readonly #changes = {
    endpoints: changeFamilies('endpoint', 'Endpoint'),
    services: changeFamilies('service', 'Service'),
  }
  readonly #withoutEndpoints = number(
    'gauge',
    'sync_proxy_rules_no_local_endpoints_total',
    'Number of services with a Local traffic policy and no endpoints',
    ['traffic_policy', 'ip_family'],
  )
  readonly #asked = {
    healthz: new NumberFamily(
      'counter',
      'kubeproxy_proxy_healthz_total',
      alpha('Cumulative proxy healthz HTTP status'),
      ['code'],
    ),
    livez: new NumberFamily('counter', 'kubeproxy_proxy_livez_total', alpha('Cumulative proxy livez HTTP status'), [
      'code',
    ]),
  }
  /** When what is not applied yet began to change, milliseconds. */
  #triggers: number[] = []

  constructor(input: ProxyMetricsInput) {
    this.#input = input
    this.#began = input.clock.now()
  }

  /** A service or a slice was written. */
  changed(kind: 'endpoints' | 'services', slice?: EndpointSlice): void {
    const { pending, total } = this.#changes[kind]
    pending.add(1)
    total.add(1)
    for (const family of families) this.#queued.set(this.#input.clock.now() / 1000, family)
    const trigger = slice?.metadata.annotations?.[triggerAnnotation]
    const at = trigger === undefined ? NaN : timeOf(trigger)
    // What changed before we began says how long we were away.
    if (at >= this.#began) this.#triggers.push(at)
  }

  /** Rules were applied, all of them or what had changed, in so many milliseconds. */
  applied(ms: number, isFull: boolean): void {
    const now = this.#input.clock.now()
    for (const { pending } of Object.values(this.#changes)) pending.set(0)
    for (const family of families) {
      this.#sync.observe(ms / 1000, family)
      ;(isFull ? this.#full : this.#partial).observe(ms / 1000, family)
      this.#synced.set(now / 1000, family)
      for (const at of this.#triggers) this.#programming.observe((now - at) / 1000, family)
    }
    this.#triggers = []
  }

  failed(): void {
    for (const family of families) this.#failures.add(1, family)
  }

  /** Somebody was told of our health. */
  answered(path: 'healthz' | 'livez', code: number): void {
    this.#asked[path].add(1, String(code))
  }

  text(): string {
    this.#count()
    const { endpoints, services } = this.#changes
    return [
      this.#programming,
      this.#asked.healthz,
      this.#asked.livez,
      this.#full,
      this.#partial,
      endpoints.pending,
      endpoints.total,
      this.#queued,
      this.#synced,
      this.#failures,
      this.#withoutEndpoints,
      services.pending,
      services.total,
      this.#sync,
    ]
      .map((each) => each.text())
      .join('')
  }

  #count(): void {
    const without = new Set<string>()
    for (const { namespace, service, family, frontends, localEndpoints } of this.#input.rules()) {
      for (const { kind, route } of frontends) {
        if (route !== 'Drop' && (route !== 'ExternalLocal' || localEndpoints.length > 0)) continue
        const policy = kind === 'ClusterIP' ? 'internal' : 'external'
        without.add(`${policy} ${family} ${namespace}/${service}`)
      }
    }
    for (const policy of ['internal', 'external']) {
      for (const family of families) {
        const count = [...without].filter((key) => key.startsWith(`${policy} ${family} `)).length
        this.#withoutEndpoints.set(count, policy, family)
      }
    }
  }
}

function changeFamilies(word: string, name: string): { readonly pending: NumberFamily; readonly total: NumberFamily } {
  return {
    pending: number('gauge', `sync_proxy_rules_${word}_changes_pending`, `Pending proxy rules ${name} changes`),
    total: number('counter', `sync_proxy_rules_${word}_changes_total`, `Cumulative proxy rules ${name} changes`),
  }
}

function timeOf(text: string): number {
  try {
    return millisOf(parseTime(text))
  } catch {
    return NaN
  }
}
