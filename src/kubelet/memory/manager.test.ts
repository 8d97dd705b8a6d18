import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import type { Container, PodSpec } from '#api/core/v1'
import type { Layout } from '../seams/node-facts.ts'
import { TestNode, type TestNodeOptions } from '../testing/node.ts'

const gibi = 1024 ** 3
const stateFile = 'memory_manager_state'
const config = {
  memoryManagerPolicy: 'Static',
  evictionHard: {},
  systemReserved: { memory: '2Gi' },
  reservedMemory: [
    { numaNode: 0, limits: { memory: '1Gi' } },
    { numaNode: 1, limits: { memory: '1Gi' } },
  ],
}

/** Two NUMA nodes with so many gibibytes each. */
const layout = (size = 9): Layout => ({
  cpus: [0, 1].map((cpu) => ({ cpu, core: cpu, socket: cpu, numaNode: cpu, uncoreCache: cpu })),
  numaNodes: [0, 1].map((id) => ({ id, distances: [10, 10] })),
  memory: [0, 1].map((id) => ({ id, bytes: size * gibi, hugePages: {} })),
})

const nodeWith = (more: TestNodeOptions = {}): TestNode =>
  new TestNode({ layout: layout(), ...more, config: { ...config, ...more.config } })

const container = (memory: string, name = 'app'): Container => {
  const amount = { cpu: '100m', memory }
  return { name, image: 'app:1', resources: { requests: amount, limits: amount } }
}
const asking = (memory: string, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [container(memory)],
  terminationGracePeriodSeconds: 0,
  ...more,
})

/** NUMA nodes that the runtime was told for each container that runs. */
async function placed(node: TestNode): Promise<{ readonly [pod: string]: string }> {
  const found: { [pod: string]: string } = {}
  for (const { id, labels, state } of await node.runtime.listContainers()) {
    if (state !== 'running') continue
    const { cpusetMems = 'any' } = (await node.runtime.containerStatus(id))?.resources ?? {}
    found[`${labels['io.kubernetes.pod.name']}/${labels['io.kubernetes.container.name']}`] = cpusetMems
  }
  return found
}

const messageOf = (node: TestNode, name: string): string => node.pod(name).status?.message ?? ''

test('guaranteed pods have their memory from one node as long as one will do, others from any', async () => {
  const node = nodeWith()
  await node.run('best-effort', {})
  await node.run('one', asking('5Gi'))
  await node.run('two', asking('5Gi'))
  await node.run('three', asking('3Gi'))
  expect(await placed(node)).toEqual({ 'best-effort/app': 'any', 'one/app': '0', 'two/app': '1', 'three/app': '0' })
  expect(node.kubelet.parts.metrics.text()).toContain('\nkubelet_memory_manager_pinning_requests_total 3\n')
  await node.stop()
})

test('a pod that is larger than a node has several, which then serve none alone', async () => {
  const node = nodeWith()
  await node.run('wide', asking('10Gi'))
  await node.run('small', asking('1Gi'))
  await node.run('large', asking('6Gi'))
  expect(await placed(node)).toEqual({ 'wide/app': '0-1', 'small/app': '0-1' })
  expect(node.pod('large').status).toMatchObject({ phase: 'Failed', reason: 'UnexpectedAdmissionError' })
  expect(messageOf(node, 'large')).toContain(
    'Allocate failed due to [memorymanager] failed to get the default NUMA affinity, no NUMA nodes with enough memory is available, which is unexpected',
  )
  for (const name of ['wide', 'small']) await node.api.delete(pods, { namespace: 'default', name })
  await node.clock.advance(2000)
  await node.run('after', asking('1Gi'))
  expect(await placed(node)).toEqual({ 'after/app': '0' })
  await node.stop()
})

test('a pod that can not have one node is refused where the topology policy wants one', async () => {
  const node = nodeWith({ config: { topologyManagerPolicy: 'single-numa-node' } })
  await node.run('wide', asking('10Gi'))
  expect(node.pod('wide').status).toMatchObject({ phase: 'Failed', reason: 'TopologyAffinityError' })
  await node.run('narrow', asking('8Gi'))
  expect(await placed(node)).toEqual({ 'narrow/app': '0' })
  await node.stop()
})

test('memory that a pod has of certain nodes is its own: no other amount while it runs', async () => {
  const node = nodeWith()
  await node.run('fixed', asking('5Gi'))
  const { metadata, spec } = node.pod('fixed')
  await node.api.update(pods, { metadata: { ...metadata, generation: 2 }, spec: { ...spec, ...asking('6Gi') } })
  await node.settle()
  expect(node.pod('fixed').status?.conditions).toContainEqual(
    expect.objectContaining({
      type: 'PodResizePending',
      reason: 'Infeasible',
      message: 'Resize is infeasible for Guaranteed Pods alongside Memory Manager policy "Static"',
    }),
  )
  expect(node.kubelet.parts.metrics.text()).toContain(
    'kubelet_pod_infeasible_resizes_total{reason_detail="guaranteed_pod_memory_manager_static_policy"} 1',
  )
  await node.stop()
})

test('what init containers have had is had again by those that follow', async () => {
  const node = nodeWith()
  await node.run('pod', asking('6Gi', { initContainers: [container('7Gi', 'first')] }))
  await node.run('next', asking('1Gi'))
  await node.run('other', asking('2Gi'))
  for (const { id, labels } of await node.runtime.listContainers()) {
    if (labels['io.kubernetes.container.name'] === 'first') node.runtime.exitContainer(id, 0)
  }
  await node.clock.advance(5000)
  expect(await placed(node)).toEqual({ 'pod/app': '0', 'next/app': '0', 'other/app': '1' })
  await node.stop()
})

test('an agent that starts again knows what it gave, and refuses a state of another machine or policy', async () => {
  const checkpoints = new Map<string, string>()
  const first = nodeWith({ checkpoints })
  await first.run('wide', asking('10Gi'))
  await first.stop()
  expect(JSON.parse(checkpoints.get(stateFile) ?? '')).toMatchObject({
    policyName: 'Static',
    machineState: {
      '0': { numberOfAssignments: 1, cells: [0, 1], memoryMap: { memory: { free: 0, reserved: 8 * gibi } } },
    },
  })
  const second = new TestNode({ layout: layout(), checkpoints, config }, first)
  await second.clock.advance(2000)
  await second.run('large', asking('7Gi'))
  expect(messageOf(second, 'large')).toContain('[memorymanager] failed to get the default NUMA affinity')
  await second.stop()
  const stopped = async (more: TestNodeOptions): Promise<string> => {
    const node = nodeWith({ checkpoints, ...more })
    return node.stop().then(
      () => '',
      (error: unknown) => String(error),
    )
  }
  expect(await stopped({ layout: layout(10) })).toBe(
    'Error: start memory manager error: [memorymanager] the expected machine state is different from the real one',
  )
  expect(await stopped({ config: { memoryManagerPolicy: 'None' } })).toContain(
    'configured policy "None" differs from state checkpoint policy "Static"',
  )
})

test('reservations must add up to what the node keeps from pods', async () => {
  const failing = async (wrong: object): Promise<string> => {
    const node = nodeWith({ config: wrong })
    return node.stop().then(
      () => '',
      (error: unknown) => String(error),
    )
  }
  expect(await failing({ systemReserved: { memory: '3Gi' } })).toContain(
    'the total amount "2Gi" of type "memory" is not equal to the value "3Gi" determined by Node Allocatable feature',
  )
  expect(await failing({ reservedMemory: [{ numaNode: 7, limits: { memory: '2Gi' } }] })).toContain(
    'the reserved memory configuration references a NUMA node 7 that does not exist on this machine',
  )
  expect(await failing({ systemReserved: {}, reservedMemory: [] })).toContain(
    '[memorymanager] you should specify the system reserved memory',
  )
})

test('the configuration of the policy is checked as it is read', () => {
  const read = (more: object) => (): unknown => nodeWith({ config: more })
  expect(read({ memoryManagerPolicy: 'Odd' })).toThrow('unknown policy: "Odd"')
  expect(read({ reservedMemory: [{ numaNode: 0, limits: { cpu: '1' } }] })).toThrow(
    'the limit type "cpu" for NUMA node 0 is not supported, only [memory hugepages-<HugePageSize>] is accepted',
  )
  expect(read({ reservedMemory: [{ numaNode: 0, limits: { memory: '0' } }] })).toThrow(
    'reserved memory may not be zero for NUMA node 0 and resource "memory"',
  )
})
