import { expect, test } from 'vitest'
import { planDeployments } from './plan.ts'

test.each([
  [100, 30],
  [1, 30],
  [250, 7],
  [5000, 30],
])('%s nodes with %s pods each get exactly as many, in Deployments of three sizes', (nodes, podsPerNode) => {
  const plan = planDeployments(nodes, podsPerNode)
  expect(plan.reduce((sum, { replicas }) => sum + replicas, 0)).toBe(nodes * podsPerNode)
  expect(new Set(plan.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(plan.length)
  expect(new Set(plan.map(({ namespace }) => namespace)).size).toBe(Math.ceil(nodes / 100))
})

test('half of the pods of a hundred nodes are in small Deployments, a quarter in medium ones, a quarter in big ones', () => {
  const podsIn = (size: number): number =>
    planDeployments(100, 30)
      .filter(({ replicas }) => replicas === size)
      .reduce((sum, { replicas }) => sum + replicas, 0)
  expect([podsIn(5), podsIn(30), podsIn(250)]).toEqual([1500, 750, 750])
})
