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

interface Listed {
  readonly podResources: readonly { readonly name: string; readonly containers: readonly { readonly name: string }[] }[]
}

async function serveTo(
  node: TestNode,
  ask: (channel: GrpcChannel) => Promise<void>,
  gates: { readonly [gate: string]: boolean } = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pr-'))
  const server = await servePodResources(join(folder, 's'), node.kubelet, gates)
  const channel = new GrpcChannel(`unix://${join(folder, 's')}`)
  await ask(channel)
  channel.close()
  await server.close()
  await rm(folder, { recursive: true })
}

const names = ({ podResources: pods }: Listed): readonly string[] => pods.map(({ name }) => name).sort()

const endsSoon = { container: () => ({ runsForMs: 1000, exitCode: 0 }) }

test('pods that have ended are listed where the feature gate says so, and always by the old version', async () => {
  const node = new TestNode({ runtime: { behaviour: ({ name }) => (name === 'done' ? endsSoon : {}) } })
  await node.run('done', { restartPolicy: 'Never' })
  const sidecar = { name: 'sidecar', image: 'app:1', restartPolicy: 'Always' }
  await node.run('going', { initContainers: [sidecar] })
  await node.run('refused', {
    containers: [{ name: 'app', image: 'app:1', resources: { requests: { cpu: '9999' } } }],
  })
  await node.clock.advance(5_000)
  await serveTo(node, async (channel) => {
    expect(names(await channel.unary(podResources.list, {}))).toEqual(['going'])
    const old: Listed = await channel.unary(podResources.listAlpha, {})
    expect(names(old)).toEqual(['done', 'going', 'refused'])
    const going = old.podResources.find(({ name }) => name === 'going')
    expect(going?.containers).toMatchObject([{ name: 'app', devices: [] }])
  })
  const gates = { KubeletPodResourcesListUseActivePods: false }
  const all = async (channel: GrpcChannel): Promise<void> =>
    expect(names(await channel.unary(podResources.list, {}))).toEqual(['done', 'going', 'refused'])
  await serveTo(node, all, gates)
  await node.stop()
})

test('monitors that ask too often are told so', async () => {
  const node = new TestNode()
  await serveTo(node, async (channel) => {
    const ask = (): Promise<string> =>
      channel.unary(podResources.list, {}).then(
        () => 'answered',
        (error: unknown) => (error as Error).message,
      )
    const answers = await Promise.all(Array.from({ length: 12 }, ask))
    const refusal = 'rpc error: code = ResourceExhausted desc = rejected by rate limit'
    expect(answers.filter((answer) => answer === refusal)).toHaveLength(2)
    await node.clock.advance(10)
    expect(await ask()).toBe('answered')
    expect(await ask()).toBe(refusal)
  })
  await node.stop()
})
