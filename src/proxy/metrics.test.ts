import { expect, test } from 'vitest'
import { numberText } from '#machinery'
import { VirtualClock } from '#base'
import { timeOfMillis } from '#machinery'
import { ProxyMetrics } from './metrics.ts'
import type { FrontendKind, FrontendRoute, ServicePortRules } from './packet-filter.ts'

function rulesOf(service: string, kind: FrontendKind, route: FrontendRoute): ServicePortRules {
  return {
    namespace: 'default',
    service,
    port: 'http',
    family: 'IPv4',
    protocol: 'TCP',
    clusterIP: '10.0.0.1',
    frontends: [{ kind, address: '10.0.0.1', port: 80, route }],
    endpoints: [],
    localEndpoints: [],
  }
}

const slice = (at: number) => ({
  metadata: { name: 's', annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': timeOfMillis(at) } },
  addressType: 'IPv4' as const,
  endpoints: [],
  ports: [],
})

test('changes wait until they are applied, and their time counts from when they began', async () => {
  const clock = new VirtualClock()
  const metrics = new ProxyMetrics({ clock, rules: () => [] })
  const began = clock.now()
  await clock.advance(60_000)
  metrics.changed('services')
  metrics.changed('endpoints', slice(began - 5000))
  metrics.changed('endpoints', slice(clock.now() - 2000))
  expect(metrics.text()).toContain('\nkubeproxy_sync_proxy_rules_endpoint_changes_pending 2\n')
  metrics.applied(3, true)
  metrics.applied(1, false)
  metrics.failed()
  const text = metrics.text()
  for (const line of [
    'kubeproxy_sync_proxy_rules_endpoint_changes_pending 0',
    'kubeproxy_sync_proxy_rules_endpoint_changes_total 2',
    'kubeproxy_sync_proxy_rules_service_changes_total 1',
    'kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family="IPv4"} 2',
    'kubeproxy_sync_full_proxy_rules_duration_seconds_bucket{ip_family="IPv6",le="0.004"} 1',
    'kubeproxy_sync_partial_proxy_rules_duration_seconds_sum{ip_family="IPv4"} 0.001',
    'kubeproxy_network_programming_duration_seconds_bucket{ip_family="IPv4",le="1"} 0',
    'kubeproxy_network_programming_duration_seconds_bucket{ip_family="IPv4",le="3"} 1',
    'kubeproxy_network_programming_duration_seconds_count{ip_family="IPv4"} 1',
    `kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family="IPv4"} ${numberText(clock.now() / 1000)}`,
    'kubeproxy_sync_proxy_rules_nftables_sync_failures_total{ip_family="IPv6"} 1',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('Services that have no endpoint where their policy wants one are counted once', () => {
  const rules = [
    rulesOf('a', 'ClusterIP', 'Drop'),
    rulesOf('a', 'ClusterIP', 'Drop'),
    rulesOf('b', 'NodePort', 'ExternalLocal'),
    rulesOf('c', 'LoadBalancer', 'Drop'),
    rulesOf('d', 'ClusterIP', 'Reject'),
  ]
  const lines = new ProxyMetrics({ clock: new VirtualClock(), rules: () => rules }).text().split('\n')
  const name = 'kubeproxy_sync_proxy_rules_no_local_endpoints_total'
  expect(lines).toContain(`${name}{ip_family="IPv4",traffic_policy="internal"} 1`)
  expect(lines).toContain(`${name}{ip_family="IPv4",traffic_policy="external"} 2`)
  expect(lines).toContain(`${name}{ip_family="IPv6",traffic_policy="internal"} 0`)
})
