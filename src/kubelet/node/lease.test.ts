import { expect, test } from 'vitest'
import { leases } from '#api/coordination/v1'
import { nodes } from '#api/core/v1'
import { ApiDouble } from '../testing/api-double.ts'
import { TestNode } from '../testing/node.ts'

const key = { namespace: 'kube-node-lease', name: 'node-1' }

test('the lease of a node belongs to the node, and is not made before the API has that', async () => {
  const api = new ApiDouble()
  const create = api.create.bind(api)
  let refuses = true
  api.create = (resource, object) =>
    refuses && resource.kind === nodes.kind ? Promise.reject(new Error('not yet')) : create(resource, object)
  const node = new TestNode({}, { api })
  await node.clock.advance(3000)
  expect(api.peek(leases, key)).toBeUndefined()
  refuses = false
  await node.clock.advance(20_000)
  await node.settle()
  const uid = api.peek(nodes, { name: 'node-1' })?.metadata.uid
  expect(api.peek(leases, key)?.metadata.ownerReferences).toEqual([
    { apiVersion: 'v1', kind: 'Node', name: 'node-1', uid },
  ])
  await node.stop()
})
