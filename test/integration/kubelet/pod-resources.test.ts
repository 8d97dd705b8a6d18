import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GrpcChannel } from '#grpc'
import { podResources } from '../../../src/kubelet/host/pod-resources/messages.ts'
import { servePodResources } from '../../../src/kubelet/host/pod-resources/server.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'

const gibi = 1024 ** 3

test('monitors are told which memory containers have, and what NUMA nodes have for them', async () => {
  const node = new TestNode({
    layout: {
      cpus: [0, 1].map((cpu) => ({ cpu, core: cpu, socket: cpu, numaNode: cpu, uncoreCache: cpu })),
      numaNodes: [0, 1].map((id) => ({ id, distances: [10, 10] })),
      memory: [0, 1].map((id) => ({ id, bytes: 9 * gibi, hugePages: { '2Mi': 0 } })),
    },
    config: {
      memoryManagerPolicy: 'Static',
      evictionHard: {},
      systemReserved: { memory: '2Gi' },
      reservedMemory: [0, 1].map((numaNode) => ({ numaNode, limits: { memory: '1Gi' } })),
    },
  })
  const amount = { cpu: '100m', memory: '10Gi' }
  await node.run('wide', {
    containers: [{ name: 'app', image: 'app:1', resources: { requests: amount, limits: amount } }],
  })
  await node.run('any', {})
  const folder = await mkdtemp(join(tmpdir(), 'pr-'))
  const server = await servePodResources(join(folder, 's'), node.kubelet)
  const channel = new GrpcChannel(`unix://${join(folder, 's')}`)
  const memory = (size: number, ...ids: readonly number[]): object => ({
    memoryType: 'memory',
    size: size * gibi,
    topology: { nodes: ids.map((id) => ({ id })) },
  })
  const pod = (name: string, ...had: readonly object[]): object => ({
    name,
    namespace: 'default',
    containers: [{ name: 'app', devices: [], cpuIds: [], memory: had, dynamicResources: [] }],
  })
  expect(await channel.unary(podResources.list, {})).toEqual({
    podResources: [pod('wide', memory(10, 0, 1)), pod('any')],
  })
  expect(await channel.unary(podResources.allocatable, {})).toEqual({
    devices: [],
    cpuIds: [],
    memory: [memory(8, 0), memory(8, 1)],
  })
  channel.close()
  await server.close()
  await rm(folder, { recursive: true })
  await node.stop()
})
