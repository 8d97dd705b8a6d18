import { expect, test } from 'vitest'
import type { PodSpec } from '#api/core/v1'
import { TestNode } from '../testing/node.ts'

const asking = (resource: string, quantity: string): Partial<PodSpec> => {
  const amount = { [resource]: quantity }
  return { containers: [{ name: 'app', image: 'app:1', resources: { requests: amount, limits: amount } }] }
}

test('resources that others count for the cluster are none of the node’s business, huge pages are', async () => {
  const node = new TestNode()
  expect((await node.run('licensed', asking('example.com/license', '1'))).status?.phase).toBe('Running')
  expect((await node.run('huge', asking('hugepages-1Gi', '1Gi'))).status).toMatchObject({
    phase: 'Failed',
    reason: 'OutOfhugepages-1Gi',
  })
  await node.stop()
})
