import { pods } from '#api/core/v1'
import type { PodSpec } from '#api/core/v1'
import { expect, test } from 'vitest'
import { TestNode } from '../testing/node.ts'

const policy = { cpuManagerPolicy: 'static', systemReserved: { cpu: '500m' } }
const stateFile = 'cpu_manager_state'

const asking = (cpu: string, more: Partial<PodSpec> = {}): Partial<PodSpec> => {
  const amount = { cpu, memory: '1Gi' }
  const resources = { requests: amount, limits: amount }
  return { containers: [{ name: 'app', image: 'app:1', resources }], terminationGracePeriodSeconds: 0, ...more }
}

/** CPUs and quota that the runtime was told for each container that runs. */
async function placed(node: TestNode): Promise<{ readonly [container: string]: string }> {
  const found: { [container: string]: string } = {}
  for (const { id, labels, state } of await node.runtime.listContainers()) {
    if (state !== 'running') continue
    const { cpusetCpus = 'any', cpuQuota = 0 } = (await node.runtime.containerStatus(id))?.resources ?? {}
    const names = [labels['io.kubernetes.pod.name'], labels['io.kubernetes.container.name']]
    found[names.join('/')] = cpuQuota > 0 ? `${cpusetCpus} of ${cpuQuota}` : cpusetCpus
  }
  return found
}

test('containers of guaranteed pods have whole CPUs to themselves; others are moved out of their way, and back', async () => {
  const node = new TestNode({ config: policy })
  await node.run('shared', { terminationGracePeriodSeconds: 0 })
  await node.run('halves', asking('1500m'))
  expect(await placed(node)).toEqual({ 'shared/app': '0-31', 'halves/app': '0-31 of 150000' })
  await node.run('mine', asking('4'))
  expect(await placed(node)).toEqual({
    'shared/app': '0,5-31',
    'halves/app': '0,5-31 of 150000',
    'mine/app': '1-4',
  })
  await node.api.delete(pods, { namespace: 'default', name: 'mine' })
  await node.clock.advance(11_000)
  expect(await placed(node)).toEqual({ 'shared/app': '0-31', 'halves/app': '0-31 of 150000' })
  await node.stop()
})

test('CPUs of its own have a quota, too, where the gate says so', async () => {
  const node = new TestNode({ config: { ...policy, featureGates: { DisableCPUQuotaWithExclusiveCPUs: false } } })
  await node.run('whole', asking('2'))
  expect(await placed(node)).toEqual({ 'whole/app': '1-2 of 200000' })
  await node.stop()
})

test('what init containers have had is used again, what sidecars have is not', async () => {
  const node = new TestNode({ config: policy })
  const { containers: [app] = [] } = asking('2')
  if (!app) throw new Error('no container')
  await node.run('pod', {
    ...asking('2'),
    initContainers: [
      { ...app, name: 'first' },
      { ...app, name: 'sidecar', restartPolicy: 'Always' },
    ],
  })
  for (const { id, labels } of await node.runtime.listContainers()) {
    if (labels['io.kubernetes.container.name'] === 'first') node.runtime.exitContainer(id, 0)
  }
  await node.clock.advance(5_000)
  expect(await placed(node)).toEqual({ 'pod/sidecar': '1-2', 'pod/app': '3-4' })
  await node.stop()
})

test('a pod that wants more CPUs than are free is refused', async () => {
  const node = new TestNode({ config: policy })
  await node.run('big', asking('20'))
  expect((await node.run('more', asking('12'))).status).toMatchObject({
    phase: 'Failed',
    reason: 'UnexpectedAdmissionError',
    message:
      'Pod was rejected: Allocate failed due to not enough cpus available to satisfy request: requested=12, ' +
      'available=11, which is unexpected',
  })
  expect(node.kubelet.parts.metrics.text()).toContain('\nkubelet_cpu_manager_pinning_errors_total 1\n')
  await node.stop()
})

test('the next agent finds who has which CPUs', async () => {
  const checkpoints = new Map<string, string>()
  const node = new TestNode({ config: policy, checkpoints })
  await node.run('first', asking('2'))
  await node.run('second', asking('3'))
  await node.stop()
  const before = await placed(node)
  const kept = checkpoints.get(stateFile)
  const next = new TestNode({ config: policy, checkpoints }, node)
  await next.settle()
  expect(await placed(next)).toEqual(before)
  expect(checkpoints.get(stateFile)).toBe(kept)
  await next.api.delete(pods, { namespace: 'default', name: 'first' })
  await next.clock.advance(11_000)
  await next.run('third', asking('2'))
  expect(await placed(next)).toEqual({ 'second/app': '3-5', 'third/app': '1-2' })
  await next.stop()
})

test('CPUs can be named that are kept from all others, and cores given as a whole', async () => {
  const config = {
    cpuManagerPolicy: 'static',
    reservedSystemCPUs: '30-31',
    kubeReserved: { cpu: '4' },
    cpuManagerPolicyOptions: { 'strict-cpu-reservation': 'true', 'full-pcpus-only': 'true' },
  }
  const node = new TestNode({ config })
  await node.run('shared', {})
  expect(await placed(node)).toEqual({ 'shared/app': '0-29' })
  const told = (name: string): readonly string[] =>
    node.kubelet.parts.metrics
      .text()
      .split('\n')
      .filter((line) => line.startsWith(`kubelet_${name}`))
  const aligned = 'container_aligned_compute_resources'
  expect(told(aligned)).toEqual([
    `kubelet_${aligned}_count{boundary="physical_cpu",scope="container"} 0`,
    `kubelet_${aligned}_count{boundary="uncore_cache",scope="container"} 0`,
    `kubelet_${aligned}_failure_count{boundary="physical_cpu",scope="container"} 0`,
  ])
  expect(told('cpu_manager_allocation_per_numa')).toEqual(['kubelet_cpu_manager_allocation_per_numa{numa_node="0"} 0'])
  expect((await node.run('all', asking('30'))).status?.phase).toBe('Running')
  expect((await node.run('one', asking('1'))).status).toMatchObject({
    reason: 'SMTAlignmentError',
    message:
      'Pod was rejected: SMT Alignment Error: not enough free physical CPUs: available physical CPUs = 0, ' +
      'requested CPUs = 1, CPUs per core = 1',
  })
  expect(told(aligned)).toEqual([
    `kubelet_${aligned}_count{boundary="physical_cpu",scope="container"} 1`,
    `kubelet_${aligned}_count{boundary="uncore_cache",scope="container"} 1`,
    `kubelet_${aligned}_failure_count{boundary="physical_cpu",scope="container"} 1`,
  ])
  expect(told('cpu_manager_allocation_per_numa')).toEqual(['kubelet_cpu_manager_allocation_per_numa{numa_node="0"} 30'])
  // Nobody asked for NUMA nodes, so that nothing failed to be aligned to them.
  expect(told('topology_manager_admission_errors_total')).toEqual(['kubelet_topology_manager_admission_errors_total 0'])
  await node.stop()
})

test('an agent does not start with what does not fit', async () => {
  const start = (config: object, checkpoints = new Map<string, string>()): Promise<string> => {
    const node = new TestNode({ config, checkpoints })
    return node.stop().then(
      () => 'started',
      (error: unknown) => (error as Error).message,
    )
  }
  expect(await start({ cpuManagerPolicy: 'static' })).toBe(
    '[cpumanager] unable to determine reserved CPU resources for static policy',
  )
  expect(await start({ cpuManagerPolicyOptions: { 'full-pcpus-only': 'true', a: 'b' } })).toBe(
    'new none policy error: None policy: received unsupported options=map[a:b full-pcpus-only:true]',
  )
  const bySocket = { ...policy, cpuManagerPolicyOptions: { 'align-by-socket': 'true' } }
  expect(await start(bySocket)).toBe(
    'new static policy error: CPU Manager Policy Alpha-level Options not enabled, but option "align-by-socket" provided',
  )
  const alpha = { ...bySocket, featureGates: { CPUManagerPolicyAlphaOptions: true } }
  expect(await start(alpha)).toBe('started')
  expect(await start({ ...alpha, topologyManagerPolicy: 'single-numa-node' })).toBe(
    'new static policy error: Topolgy manager single-numa-node policy is incompatible with CPUManager align-by-socket ' +
      'policy option',
  )
  expect(
    await start({ ...alpha, topologyManagerPolicy: 'restricted', topologyManagerPolicyOptions: { near: 'true' } }),
  ).toBe('unknown Topology Manager Policy option: "near"')
  const checkpoints = new Map<string, string>()
  expect(await start({}, checkpoints)).toBe('started')
  expect(await start(policy, checkpoints)).toMatch(
    /^start cpu manager error: could not restore state from checkpoint: configured policy "static" differs from state checkpoint policy "none", please drain this node and delete the CPU manager checkpoint file ".*\/cpu_manager_state" before restarting Kubelet$/,
  )
  checkpoints.clear()
  const strictly = { ...policy, cpuManagerPolicyOptions: { 'strict-cpu-reservation': 'true' } }
  expect(await start(policy, checkpoints)).toBe('started')
  expect(await start(strictly, checkpoints)).toBe(
    'start cpu manager error: some of strictly reserved cpus: "0" are present in defaultCpuSet: "0-31"',
  )
})

test('a guaranteed pod can not be given other CPUs while it runs', async () => {
  const node = new TestNode({ config: policy })
  const pod = await node.run('pod', asking('2'), { generation: 1 })
  const { spec } = { ...pod, spec: { ...pod.spec, ...asking('3') } }
  await node.api.update(pods, { ...pod, metadata: { ...pod.metadata, generation: 2 }, spec })
  await node.settle()
  const message = 'Resize is infeasible for Guaranteed Pods alongside CPU Manager policy "static"'
  expect(node.pod('pod').status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'PodResizePending', reason: 'Infeasible', message, observedGeneration: 2 }),
  )
  expect(node.events.some((event) => event.startsWith('Warning ResizeInfeasible'))).toBe(true)
  expect(await placed(node)).toEqual({ 'pod/app': '1-2' })
  await node.stop()
})
