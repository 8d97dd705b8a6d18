import type { PodSpec } from '#api/core/v1'
import { expect, test } from 'vitest'
import type { Layout } from '../seams/node-facts.ts'
import { TestNode } from '../testing/node.ts'

/** Two NUMA nodes of four CPUs each. */
const layout: Layout = {
  memory: [],
  cpus: Array.from({ length: 8 }, (_, cpu) => {
    const numaNode = cpu < 4 ? 0 : 1
    return { cpu, core: cpu, socket: numaNode, numaNode, uncoreCache: numaNode }
  }),
  numaNodes: [
    { id: 0, distances: [10, 20] },
    { id: 1, distances: [20, 10] },
  ],
}

const startNode = (more: object): TestNode =>
  new TestNode({ layout, config: { cpuManagerPolicy: 'static', systemReserved: { cpu: '1' }, ...more } })

const asking = (...cpus: readonly string[]): Partial<PodSpec> => ({
  containers: cpus.map((cpu, index) => {
    const amount = { cpu, memory: '1Gi' }
    return { name: `c${index}`, image: 'app:1', resources: { requests: amount, limits: amount } }
  }),
})

async function placed(node: TestNode, pod: string): Promise<readonly (string | undefined)[]> {
  const containers = (await node.runtime.listContainers()).filter(
    ({ labels, state }) => labels['io.kubernetes.pod.name'] === pod && state === 'running',
  )
  const statuses = await Promise.all(containers.map(({ id }) => node.runtime.containerStatus(id)))
  return statuses.map((status) => status?.resources?.cpusetCpus)
}

/** What was counted of resources that are aligned, and of such that could not be. */
function alignments(node: TestNode): { readonly [alignment: string]: number } {
  const line = /^kubelet_container_aligned_compute_resources_(\w+)\{boundary="(\w+)",scope="(\w+)"\} (\d+)$/gm
  const found = [...node.kubelet.parts.metrics.text().matchAll(line)]
  return Object.fromEntries(
    found.map(([, name, boundary, scope, count]) => [`${name} ${scope} ${boundary}`, Number(count)]),
  )
}

const refused = 'Pod was rejected: Resources cannot be allocated with Topology locality'

test('a policy of one NUMA node gives CPUs of one, and refuses what would need two', async () => {
  const node = startNode({ topologyManagerPolicy: 'single-numa-node' })
  await node.run('small', asking('2'))
  expect(await placed(node, 'small')).toEqual(['1-2'])
  await node.run('large', asking('4'))
  expect(await placed(node, 'large')).toEqual(['4-7'])
  expect((await node.run('over', asking('2'))).status).toMatchObject({
    phase: 'Failed',
    reason: 'TopologyAffinityError',
    message: refused,
  })
  const told = node.kubelet.parts.metrics.text().split('\n')
  expect(told).toContain('kubelet_topology_manager_admission_requests_total 3')
  expect(told).toContain('kubelet_topology_manager_admission_errors_total 1')
  expect(told).toContain('kubelet_topology_manager_admission_duration_ms_count 3')
  expect(told).toContain('kubelet_cpu_manager_pinning_requests_total 2')
  expect(told).toContain('kubelet_cpu_manager_pinning_errors_total 0')
  expect(told).toContain('kubelet_cpu_manager_exclusive_cpu_allocation_count 6')
  expect(told).toContain('kubelet_cpu_manager_shared_pool_size_millicores 1000')
  expect(told).toContain('kubelet_cpu_manager_allocation_per_numa{numa_node="0"} 2')
  expect(told).toContain('kubelet_cpu_manager_allocation_per_numa{numa_node="1"} 4')
  expect(alignments(node)).toEqual({
    'count container numa_node': 2,
    'count container uncore_cache': 2,
    'count container physical_cpu': 0,
    'count pod numa_node': 0,
    'failure_count container numa_node': 1,
    'failure_count container physical_cpu': 0,
    'failure_count pod numa_node': 0,
  })
  await node.stop()
})

test('the best that can be had is good enough for best effort, and not for the restricted policy', async () => {
  const lenient = startNode({ topologyManagerPolicy: 'best-effort' })
  await lenient.run('first', asking('3'))
  await lenient.run('second', asking('2'))
  expect(await placed(lenient, 'second')).toEqual(['4-5'])
  await lenient.stop()
  const strict = startNode({ topologyManagerPolicy: 'restricted' })
  await strict.run('first', asking('2'))
  await strict.run('second', asking('3'))
  expect(await placed(strict, 'second')).toEqual(['4-6'])
  expect((await strict.run('third', asking('2'))).status).toMatchObject({ phase: 'Failed', message: refused })
  await strict.stop()
})

test('containers of a pod come from one node where the pod as a whole has to', async () => {
  const node = startNode({ topologyManagerPolicy: 'single-numa-node', topologyManagerScope: 'pod' })
  await node.run('pair', asking('2', '2'))
  expect(new Set(await placed(node, 'pair'))).toEqual(new Set(['4-5', '6-7']))
  await node.run('modest', { containers: [{ name: 'a', image: 'app:1' }] })
  await node.run('over', asking('2', '2'))
  expect(alignments(node)).toMatchObject({
    'count pod numa_node': 2,
    'failure_count pod numa_node': 1,
    'count container numa_node': 0,
    // Each container's CPUs share a cache.
    'count container uncore_cache': 2,
  })
  await node.stop()
  const apart = startNode({ topologyManagerPolicy: 'single-numa-node' })
  await apart.run('pair', asking('2', '2'))
  expect(new Set(await placed(apart, 'pair'))).toEqual(new Set(['1-2', '4-5']))
  const image = 'app:1'
  await apart.run('modest', {
    containers: [
      { name: 'a', image },
      { name: 'b', image },
    ],
  })
  expect(alignments(apart)).toMatchObject({ 'count container numa_node': 4, 'count pod numa_node': 0 })
  await apart.stop()
})
