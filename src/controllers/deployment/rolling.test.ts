import { describe, expect, test } from 'vitest'
import type { Deployment, ReplicaSet } from '#api/apps/v1'
import { scaleDownPlan } from './rolling.ts'
import { scalingPlan } from './scale.ts'

const selector = { matchLabels: { app: 'web' } }

const deployment: Deployment = {
  metadata: { namespace: 'default', name: 'web' },
  spec: {
    replicas: 4,
    selector,
    template: {},
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
  },
}

interface Size {
  readonly name: string
  readonly replicas: number
  readonly available: number
  /** Generation that the status speaks of; the newest is 3. */
  readonly observed?: number
}

const replicaSet = ({ name, replicas, available, observed = 3 }: Size): ReplicaSet => ({
  metadata: {
    namespace: 'default',
    name,
    generation: 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'deployment.kubernetes.io/desired-replicas': '4' },
  },
  spec: { replicas, selector },
  status: { replicas: Math.max(replicas, available), availableReplicas: available, observedGeneration: observed },
})

const planned = (old: readonly Size[], current: Size, availableNow = 0): readonly string[] =>
  scaleDownPlan(deployment, old.map(replicaSet), replicaSet(current), () => availableNow).map(
    (each) => `${each.replicaSet.metadata.name} to ${each.replicas}`,
  )

describe('scaleDownPlan()', () => {
  test('takes pods that are ill, then as many as the minimum leaves', () => {
    const old = { name: 'old', replicas: 3, available: 2 }
    expect(planned([old], { name: 'new', replicas: 2, available: 2 })).toEqual(['old to 2', 'old to 1'])
  })

  test('takes no pod as ill that is known to be available although the status does not tell', () => {
    const old = { name: 'old', replicas: 4, available: 0 }
    const current = { name: 'new', replicas: 1, available: 1 }
    expect(planned([old], current)).toEqual(['old to 2'])
    expect(planned([old], current, 3)).toEqual(['old to 3'])
    expect(planned([old], current, 4)).toEqual([])
  })

  test('counts no pods beyond the size of their ReplicaSet: they are about to go', () => {
    const shrinking = { name: 'old', replicas: 2, available: 4 }
    expect(planned([shrinking], { name: 'new', replicas: 2, available: 1 })).toEqual([])
    const current = { name: 'new', replicas: 2, available: 3 }
    expect(planned([{ name: 'old', replicas: 2, available: 2 }], current)).toEqual(['old to 1'])
  })

  test('waits until every ReplicaSet with pods tells of its present size', () => {
    const old = { name: 'old', replicas: 3, available: 3 }
    const current = { name: 'new', replicas: 2, available: 2 }
    expect(planned([old], { ...current, observed: 2 })).toEqual([])
    expect(planned([{ ...old, observed: 2 }], current)).toEqual([])
    const empty = { name: 'older', replicas: 0, available: 0, observed: 2 }
    expect(planned([empty, old], current)).toEqual(['old to 1'])
  })
})

test('scalingPlan() empties old ReplicaSets only where the status of the new one speaks of its present size', () => {
  const old = [replicaSet({ name: 'old', replicas: 1, available: 1 })]
  const current = { name: 'new', replicas: 4, available: 4 }
  const sizes = (size: Size): readonly number[] =>
    scalingPlan(deployment, { current: replicaSet(size), old }).map(({ replicas }) => replicas)
  expect(sizes(current)).toEqual([0])
  expect(sizes({ ...current, observed: 2 })).toEqual([4, 1])
})
