import { expect, test } from 'vitest'
import type { Container, Pod, PodSpec } from '#api/core/v1'
import { TestNode } from '../testing/node.ts'
import { fits } from './fit.ts'

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

test('a node need not have extended resources that a container has from a claim', () => {
  const resource = 'example.com/gpu'
  const named = (name: string): Container => ({ name, image: 'app:1', resources: { requests: { [resource]: '1' } } })
  const requestMappings = [{ containerName: 'app', resourceName: resource, requestName: 'container-0-request-0' }]
  const pod = (containers: readonly Container[]): Pod => ({
    metadata: { name: 'pod', namespace: 'default' },
    spec: { containers },
    status: { extendedResourceClaimStatus: { resourceClaimName: 'pod-extended', requestMappings } },
  })
  const allocatable = { pods: '110', [resource]: '0' }
  expect(fits(pod([named('app')]), [], allocatable)).toBeUndefined()
  expect(fits(pod([named('app'), named('other')]), [], allocatable)).toEqual({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: 1, used: 0, capacity: 0`,
  })
})
