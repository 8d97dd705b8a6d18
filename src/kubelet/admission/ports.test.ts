import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import type { Container, ContainerPort, PodSpec } from '#api/core/v1'
import { TestNode } from '../testing/node.ts'

const asking = (...ports: Partial<ContainerPort>[]): Partial<PodSpec> => ({
  containers: [{ name: 'app', image: 'app:1', ports: ports.map((port) => ({ containerPort: 80, ...port })) }],
  terminationGracePeriodSeconds: 0,
})

test('a pod that wants a port of the node that another has is refused, and runs once that is gone', async () => {
  const node = new TestNode()
  await node.run('first', asking({ hostPort: 8080 }))
  const { status } = await node.run('second', asking({ hostPort: 8080 }))
  const message = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"
  expect(status).toMatchObject({ phase: 'Failed', reason: 'NodePorts', message: `Pod was rejected: ${message}` })
  expect(node.events).toContain(`Warning NodePorts ${message}`)
  await node.api.delete(pods, { namespace: 'default', name: 'first' })
  await node.clock.advance(1000)
  expect((await node.run('third', asking({ hostPort: 8080 }))).status?.phase).toBe('Running')
  await node.stop()
})

test('ports clash by number, protocol and address, all addresses with each', async () => {
  const node = new TestNode()
  const phase = async (name: string, spec: Partial<PodSpec>): Promise<string | undefined> =>
    (await node.run(name, spec)).status?.phase
  expect(await phase('a', asking({ hostPort: 53, hostIP: '10.0.0.1' }))).toBe('Running')
  expect(await phase('b', asking({ hostPort: 53, hostIP: '10.0.0.2' }))).toBe('Running')
  expect(await phase('c', asking({ hostPort: 53, protocol: 'UDP' }))).toBe('Running')
  expect(await phase('d', asking({ hostPort: 54 }))).toBe('Running')
  expect(await phase('e', asking({ hostPort: 53, hostIP: '10.0.0.1' }))).toBe('Failed')
  expect(await phase('f', asking({ hostPort: 53 }))).toBe('Failed')
  expect(await phase('g', asking({ hostPort: 53, protocol: 'UDP', hostIP: '10.0.0.9' }))).toBe('Failed')
  const sidecar: Container = {
    name: 's',
    image: 's:1',
    restartPolicy: 'Always',
    ports: [{ containerPort: 1, hostPort: 54 }],
  }
  expect(await phase('h', { ...asking(), initContainers: [sidecar] })).toBe('Failed')
  await node.stop()
})
