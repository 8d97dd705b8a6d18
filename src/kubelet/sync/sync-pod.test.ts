import { expect, test } from 'vitest'
import { TestNode } from '../testing/node.ts'

test('a pod whose images take long to pull tells meanwhile that it has its sandbox', async () => {
  const node = new TestNode({ runtime: { pullMs: 15_000 } })
  const container = { image: 'app:1', imagePullPolicy: 'Always' as const }
  await node.run('web', {
    initContainers: [{ ...container, name: 'init' }],
    containers: [{ ...container, name: 'app' }],
  })
  const sandbox = (): unknown =>
    node.pod('web').status?.conditions?.find(({ type }) => type === 'PodReadyToStartContainers')?.status
  expect(sandbox()).toBe('False')
  await node.clock.advance(1000)
  await node.settle()
  expect(sandbox()).toBe('True')
  expect(node.pod('web').status).toMatchObject({ phase: 'Pending', podIP: expect.any(String) })
  await node.stop()
})

test('a pod that starts at once does not tell of its sandbox by itself', async () => {
  const node = new TestNode()
  await node.run('web', {})
  await node.clock.advance(5000)
  const told = node.api.statusPatches.map((patch) => JSON.stringify(patch))
  expect(told.filter((patch) => patch.includes('podIP') && !patch.includes('"phase":"Running"'))).toEqual([])
  await node.stop()
})
