import { expect, it } from 'vitest'
import { namespaces } from '#api/core/v1'
import { leases } from '#api/coordination/v1'
import { createClient, TransportError } from '#client'
import type { Transport } from '#client'
import { admin, startTestServer } from '../../test/integration/apiserver/server.ts'
import { PretendNodes } from './pretend-nodes.ts'

it('giveSign() makes up for a sign whose answer was lost', async () => {
  await using server = await startTestServer()
  const { client } = server
  await client.create(namespaces, { metadata: { name: 'kube-node-lease' }, spec: {} })
  let lost = 0
  const losing: Transport = async (request) => {
    const response = await server.server.handle(request)
    if (request.method === 'PUT' && lost++ === 0) throw new TransportError('Lost', 'the connection was lost')
    return response
  }
  const nodes = await PretendNodes.register(createClient(losing, { userAgent: 'test/1.0', user: admin }), 2)
  const renewed = async (): Promise<readonly (string | undefined)[]> =>
    (await client.list(leases, { namespace: 'kube-node-lease' })).items.map(({ spec }) => spec?.renewTime)
  await nodes.giveSign()
  const first = await renewed()
  await new Promise((resolve) => setTimeout(resolve, 2))
  await nodes.giveSign()
  const second = await renewed()
  expect(second.map((time, index) => (time ?? '') > (first[index] ?? ''))).toEqual([true, true])
})
