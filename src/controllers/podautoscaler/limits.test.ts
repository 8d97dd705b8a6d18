import { expect, test } from 'vitest'
import { allowByBehavior, allowByDefault, ScaleHistory } from './limits.ts'

const windowMs = 300_000
const wish = (current: number, desired: number): { current: number; desired: number; min: number; max: number } => ({
  current,
  desired,
  min: 2,
  max: 100,
})

test('an autoscaler doubles at most, and keeps to its bounds', () => {
  const decide = (current: number, desired: number): unknown[] => {
    const { replicas, limited } = allowByDefault(wish(current, desired), new ScaleHistory(0, 0), windowMs, 0)
    return [replicas, limited.status, limited.reason]
  }
  expect(decide(3, 20)).toEqual([6, 'True', 'ScaleUpLimit'])
  expect(decide(1, 20)).toEqual([4, 'True', 'ScaleUpLimit'])
  expect(decide(90, 120)).toEqual([100, 'True', 'TooManyReplicas'])
  expect(decide(3, 1)).toEqual([2, 'True', 'TooFewReplicas'])
  expect(decide(3, 5)).toEqual([5, 'False', 'DesiredWithinRange'])
})

test('what was recommended within five minutes holds an autoscaler up', () => {
  const history = new ScaleHistory(10, 0)
  const held = allowByDefault(wish(10, 4), history, windowMs, 200_000)
  expect([held.replicas, held.stable.reason]).toEqual([10, 'ScaleDownStabilized'])
  const free = allowByDefault(wish(10, 4), history, windowMs, 300_001)
  expect([free.replicas, free.stable.reason]).toEqual([4, 'ReadyForNewScale'])
})

test('policies count what was done within their period, and the greatest change wins unless the least is chosen', () => {
  const policies = [
    { type: 'Pods', value: 4, periodSeconds: 60 },
    { type: 'Percent', value: 10, periodSeconds: 60 },
  ]
  const rules = { stabilizationWindowSeconds: 0, policies }
  const decide = (selectPolicy: 'Max' | 'Min' | 'Disabled', scaledAt: number): number => {
    const behavior = { scaleUp: { ...rules, selectPolicy }, scaleDown: rules }
    const history = new ScaleHistory(10, 0)
    history.scaled(10, 12, behavior, scaledAt)
    return allowByBehavior(wish(12, 50), history, behavior, windowMs, 100_000).replicas
  }
  expect(decide('Max', 90_000)).toBe(14)
  expect(decide('Max', 30_000)).toBe(16)
  expect(decide('Min', 30_000)).toBe(14)
  expect(decide('Disabled', 30_000)).toBe(12)
})
