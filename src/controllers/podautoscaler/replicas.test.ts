import { expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import type { PodMetric } from './metrics.ts'
import { replicasByShare, replicasByUsage, replicasByUtilization, replicasByValue } from './replicas.ts'
import type { Target } from './replicas.ts'

const now = Date.UTC(2026, 0, 1, 12)
const started = '2026-01-01T11:00:00Z'

const pod = (name: string, ready: boolean, phase: 'Running' | 'Pending' = 'Running'): Pod => ({
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'a', resources: { requests: { cpu: '100m' } } }] },
  status: {
    phase,
    startTime: started,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: started }],
  },
})
const metrics = (usage: { readonly [pod: string]: number }): Map<string, PodMetric> =>
  new Map(Object.entries(usage).map(([name, value]) => [name, { value, timestamp: now, windowMs: 30_000 }]))
const target = (pods: readonly Pod[]): Target => ({
  pods,
  currentReplicas: pods.length,
  tolerances: { down: 0.1, up: 0.1 },
  now,
})
const goal = { resource: 'cpu', percent: 50 }

test('replicas follow usage over its goal, but for a tenth', () => {
  const pods = [pod('a', true), pod('b', true)]
  const decide = (a: number, b: number): unknown => replicasByUtilization(target(pods), metrics({ a, b }), goal)
  expect(decide(100, 100)).toEqual({ replicas: 4, usage: 100, utilization: 100 })
  expect(decide(55, 55)).toEqual({ replicas: 2, usage: 55, utilization: 55 })
  expect(decide(20, 20)).toEqual({ replicas: 1, usage: 20, utilization: 20 })
})

test('pods without a metric are taken to use nothing when there are to be more, and all they ask for when fewer', () => {
  const pods = [pod('a', true), pod('b', true), pod('c', true)]
  expect(replicasByUtilization(target(pods), metrics({ a: 100, b: 100 }), goal).replicas).toBe(4)
  expect(replicasByUtilization(target(pods), metrics({ a: 10, b: 10 }), goal).replicas).toBe(3)
})

test('pods that are not ready yet hold back those that would be added', () => {
  const pods = [pod('a', true), pod('b', false, 'Pending')]
  expect(replicasByUtilization(target(pods), metrics({ a: 80 }), goal).replicas).toBe(2)
  expect(replicasByUsage(target([pod('a', true)]), metrics({ a: 80 }), 50, '').replicas).toBe(2)
})

test('a metric of something else is divided by the pods that are ready, or shared among all', () => {
  const pods = [pod('a', true), pod('b', true), pod('c', false)]
  expect(replicasByValue(target(pods), 300, 100).replicas).toBe(6)
  expect(replicasByShare(target(pods), 3, 1000, 100)).toEqual({ replicas: 10, usage: 334 })
})

test('a container that asks for nothing is named', () => {
  const bare: Pod = {
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'main', image: 'a' }] },
    status: pod('a', true).status ?? {},
  }
  expect(() => replicasByUtilization(target([bare]), metrics({ a: 1 }), goal)).toThrow(
    'missing request for cpu in container main of Pod a',
  )
})
