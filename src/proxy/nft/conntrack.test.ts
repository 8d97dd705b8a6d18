import { expect, test } from 'vitest'
import type { ServicePortRules } from '#proxy'
import { parseFlows, staleFlows } from './conntrack.ts'

const listed = `\
udp      17 29 src=10.244.1.4 dst=10.96.0.11 sport=40001 dport=90 src=10.244.1.2 dst=10.244.1.4 sport=9090 dport=40001 mark=0 use=1
udp      17 118 src=192.168.77.3 dst=192.168.77.1 sport=33333 dport=30090 [UNREPLIED] src=10.244.1.9 dst=192.168.77.1 sport=9090 dport=33333 [ASSURED] mark=0 use=1
conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.
`

const rules = (serving: readonly string[]): ServicePortRules => ({
  namespace: 'ns',
  service: 'dns',
  port: 'udp',
  family: 'IPv4',
  protocol: 'UDP',
  clusterIP: '10.96.0.11',
  frontends: [
    { kind: 'ClusterIP', address: '10.96.0.11', port: 90, route: 'Cluster' },
    { kind: 'NodePort', port: 30_090, route: 'ExternalCluster' },
  ],
  endpoints: [],
  localEndpoints: [],
  serving,
})
const sources = (serving: readonly string[]): readonly string[] =>
  staleFlows(parseFlows(listed), [rules(serving)]).map((flow) => flow.source)

test('parseFlows() reads both directions of each flow', () => {
  expect(parseFlows(listed)).toEqual([
    {
      source: '10.244.1.4',
      destination: '10.96.0.11',
      sourcePort: 40_001,
      destinationPort: 90,
      replySource: '10.244.1.2',
      replySourcePort: 9090,
    },
    {
      source: '192.168.77.3',
      destination: '192.168.77.1',
      sourcePort: 33_333,
      destinationPort: 30_090,
      replySource: '10.244.1.9',
      replySourcePort: 9090,
    },
  ])
})

test('staleFlows() finds flows to endpoints that do not serve, by address and by node port', () => {
  expect(sources(['10.244.1.2:9090', '10.244.1.9:9090'])).toEqual([])
  expect(sources(['10.244.1.2:9090'])).toEqual(['192.168.77.3'])
  expect(sources(['10.244.1.9:9090'])).toEqual(['10.244.1.4'])
  expect(sources(['10.244.1.2:9191'])).toEqual(['10.244.1.4', '192.168.77.3'])
})

test('staleFlows() leaves flows alone when no endpoint serves, and those of others', () => {
  expect(sources([])).toEqual([])
  expect(staleFlows(parseFlows(listed), [])).toEqual([])
})
