import { expect, test } from 'vitest'
import { startClusterServer } from '../server.ts'
import { scrape } from './scrape.ts'

test('addresses and node ports of services are counted: given out, refused, taken and free', async () => {
  const serviceNetwork = { cidrs: ['10.0.0.0/24'], nodePorts: { first: 30_000, last: 30_099 } }
  await using server = await startClusterServer({}, { serviceNetwork })
  const create = async (name: string, spec: object, query = ''): Promise<number> => {
    const body = {
      metadata: { name },
      spec: { ports: [{ port: 80, ...(spec as { port?: object }).port }], ...spec, port: undefined },
    }
    return (await server.request('POST', `/api/v1/namespaces/default/services${query}`, body)).code
  }
  expect(await create('a', {})).toBe(201)
  expect(await create('b', { clusterIP: '10.0.0.77' })).toBe(201)
  expect(await create('c', { clusterIP: '10.0.0.77' })).toBe(422)
  expect(await create('d', { type: 'NodePort' })).toBe(201)
  expect(await create('e', { type: 'NodePort', port: { nodePort: 30_050 } })).toBe(201)
  expect(await create('f', { type: 'NodePort', port: { nodePort: 30_050 } })).toBe(422)
  expect(await create('g', { type: 'NodePort' }, '?dryRun=All')).toBe(201)
  await server.request('DELETE', '/api/v1/namespaces/default/services/d')
  const { value } = await scrape(server)
  const address = (name: string, more = ''): number =>
    value(`kube_apiserver_clusterip_allocator_${name}{cidr="10.0.0.0/24"${more}}`)
  expect(address('allocation_total', ',scope="dynamic"')).toBe(4)
  expect(address('allocation_total', ',scope="static"')).toBe(1)
  expect(address('allocation_errors_total', ',scope="static"')).toBe(1)
  expect(address('allocation_duration_seconds_count')).toBe(5)
  // Of f, what was taken before its port was refused is given back.
  expect([address('allocated_ips'), address('available_ips')]).toEqual([3, 251])
  const port = (name: string): number => value(`kube_apiserver_nodeport_allocator_${name}`)
  expect([port('allocation_total{scope="dynamic"}'), port('allocation_total{scope="static"}')]).toEqual([1, 1])
  expect(port('allocation_errors_total{scope="static"}')).toBe(1)
  expect([port('allocated_ports'), port('available_ports')]).toEqual([1, 99])
})
