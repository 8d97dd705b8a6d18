import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import type { Container, Pod, PodSpec } from '#api/core/v1'
import { TestNode } from '../testing/node.ts'

const sized = (cpu: string, memory: string, more: Partial<Container> = {}): Container => ({
  name: 'app',
  image: 'app:1',
  resources: { requests: { cpu, memory }, limits: { cpu, memory } },
  ...more,
})

const resize = (node: TestNode, name: string, containers: readonly Container[]): Promise<Pod> =>
  change(node, name, { containers })

async function change(node: TestNode, name: string, spec: Partial<PodSpec>): Promise<Pod> {
  const { metadata, spec: before, status } = node.pod(name)
  const generation = (metadata.generation ?? 1) + 1
  await node.api.update(pods, {
    metadata: { ...metadata, generation },
    spec: { ...(before ?? { containers: [] }), ...spec },
    ...(status ? { status } : {}),
  })
  await node.settle()
  return node.pod(name)
}

const resizing = (pod: Pod): readonly string[] =>
  (pod.status?.conditions ?? [])
    .filter(({ type }) => type.startsWith('PodResize'))
    .map(({ type, reason = '', observedGeneration }) => `${type} ${reason} ${observedGeneration}`)
const own = (node: TestNode): readonly string[] =>
  node.events.filter((event) => event.includes('Resize') || event.includes('Killing'))
/** What is counted of resizes. */
const counted = (node: TestNode): readonly string[] =>
  node.kubelet.parts.metrics
    .text()
    .split('\n')
    .filter((line) => /^kubelet_\w*resize/.test(line) && !/_(bucket|sum)/.test(line))
    .map((line) => line.replace('kubelet_', ''))
const resourcesOf = (pod: Pod): unknown => pod.status?.containerStatuses?.[0]?.resources

test('a resize changes a container while it runs, and is told when it begins and ends', async () => {
  const node = new TestNode()
  await node.run('web', { containers: [sized('100m', '64Mi')] })
  const id = node.pod('web').status?.containerStatuses?.[0]?.containerID
  const after = await resize(node, 'web', [sized('200m', '128Mi')])
  expect(after.status?.containerStatuses?.[0]).toMatchObject({
    containerID: id,
    restartCount: 0,
    allocatedResources: { cpu: '200m', memory: '128Mi' },
    resources: { requests: { cpu: '200m', memory: '128Mi' }, limits: { cpu: '200m', memory: '128Mi' } },
  })
  expect(resizing(after)).toEqual([])
  const text = (cpu: string, memory: string): string =>
    `{"containers":[{"name":"app","resources":{"limits":{"cpu":"${cpu}","memory":"${memory}"},"requests":{"cpu":"${cpu}","memory":"${memory}"}}}],"generation":2}`
  expect(own(node)).toEqual([
    `Normal ResizeStarted Pod resize started: ${text('200m', '128Mi')}`,
    `Normal ResizeCompleted Pod resize completed: ${text('200m', '128Mi')}`,
  ])
  expect(counted(node)).toEqual([
    'container_requested_resizes_total{operation="increase",requirement="requests",resource="memory"} 1',
    'container_requested_resizes_total{operation="increase",requirement="limits",resource="memory"} 1',
    'container_requested_resizes_total{operation="increase",requirement="requests",resource="cpu"} 1',
    'container_requested_resizes_total{operation="increase",requirement="limits",resource="cpu"} 1',
    'pod_in_progress_resizes 0',
    'pod_resize_duration_milliseconds_count{success="true"} 1',
  ])
  await node.stop()
})

test('a resize policy restarts the container for the resource it names', async () => {
  const node = new TestNode()
  const policy = { resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }] }
  await node.run('web', { containers: [sized('100m', '64Mi', policy)] })
  const cpu = await resize(node, 'web', [sized('200m', '64Mi', policy)])
  expect(cpu.status?.containerStatuses?.[0]?.restartCount).toBe(0)
  const memory = await resize(node, 'web', [sized('200m', '128Mi', policy)])
  expect(memory.status?.containerStatuses?.[0]?.restartCount).toBe(1)
  expect(resourcesOf(memory)).toMatchObject({ limits: { cpu: '200m', memory: '128Mi' } })
  expect(resizing(memory)).toEqual([])
  expect(own(node).find((event) => event.includes('Killing'))).toBe(
    'Normal Killing spec.containers{app} Container app resize requires restart',
  )
  await node.stop()
})

test('a resize that does not fit waits, with what was granted before in effect, until another pod goes', async () => {
  const node = new TestNode()
  await node.run('web', { containers: [sized('1', '1Gi')] })
  await node.run('other', { terminationGracePeriodSeconds: 1, containers: [sized('20', '1Gi')] })
  const waiting = await resize(node, 'web', [sized('20', '1Gi')])
  expect(resizing(waiting)).toEqual(['PodResizePending Deferred 2'])
  expect(waiting.status?.conditions?.find(({ type }) => type === 'PodResizePending')?.message).toBe(
    "Node didn't have enough resource: cpu, requested: 20000, used: 20000, capacity: 32000",
  )
  expect(own(node).at(-1)).toMatch(/^Warning ResizeDeferred Pod resize OutOfcpu: /)
  expect(waiting.status?.conditions?.find(({ type }) => type === 'PodResizePending')?.lastProbeTime).toBeDefined()
  expect(waiting.status?.containerStatuses?.[0]?.allocatedResources).toEqual({ cpu: '1', memory: '1Gi' })
  expect(resourcesOf(waiting)).toMatchObject({ limits: { cpu: '1', memory: '1Gi' } })
  expect(counted(node)).toContain('pod_pending_resizes{reason="deferred"} 1')
  await node.api.delete(pods, { namespace: 'default', name: 'other' })
  await node.settle()
  await node.clock.advance(2000)
  await node.settle()
  expect(node.has('other')).toBe(false)
  expect(resizing(node.pod('web'))).toEqual([])
  expect(node.pod('web').status?.containerStatuses?.[0]?.allocatedResources).toEqual({ cpu: '20', memory: '1Gi' })
  expect(counted(node)).toContain('pod_deferred_accepted_resizes_total{retry_trigger="pods_removed"} 1')
  expect(counted(node).filter((line) => line.startsWith('pod_pending'))).toEqual([])
  await node.stop()
})

test('a resize that is taken back waits no longer', async () => {
  const node = new TestNode()
  await node.run('web', { containers: [sized('1', '1Gi')] })
  expect(resizing(await resize(node, 'web', [sized('64', '1Gi')]))).toEqual(['PodResizePending Deferred 2'])
  expect(resizing(await resize(node, 'web', [sized('1', '1Gi')]))).toEqual([])
  expect(own(node)).toHaveLength(1)
  await node.stop()
})

test('a memory limit below what is in use is refused before anything changes, and tried again', async () => {
  let usageBytes = 100 * 1024 ** 2
  const limits: unknown[] = []
  const memory = (): object => ({ usageBytes, workingSetBytes: 0, rssBytes: 0, pageFaults: 0, majorPageFaults: 0 })
  const node = new TestNode({
    cgroups: {
      limits: () => Promise.resolve({ memoryBytes: 128 * 1024 ** 2 }),
      usage: () => Promise.resolve({ whole: { memory: memory() }, containers: new Map() } as never),
      update: (_uid, _qos, wanted) => Promise.resolve(void limits.push(wanted)),
    },
  })
  await node.run('web', { containers: [sized('100m', '128Mi')] })
  const refused = await resize(node, 'web', [sized('100m', '64Mi')])
  expect(resizing(refused)).toEqual(['PodResizeInProgress Error 2'])
  expect(refused.status?.conditions?.find(({ type }) => type === 'PodResizeInProgress')?.message).toBe(
    'cannot decrease memory limits: attempting to set pod memory limit (67108864) below current usage (104857600)',
  )
  expect(limits).toEqual([])
  expect(counted(node)).toContain('pod_in_progress_resizes 1')
  expect(counted(node)).toContain('pod_resize_duration_milliseconds_count{success="false"} 1')
  usageBytes = 1024 ** 2
  await node.clock.advance(10_000)
  await node.settle()
  expect(resizing(node.pod('web'))).toEqual([])
  expect(limits).toContainEqual(expect.objectContaining({ memoryBytes: 64 * 1024 ** 2 }))
  await node.stop()
})

test('the next agent knows what was granted, also while a resize waits', async () => {
  const node = new TestNode()
  await node.run('web', { containers: [sized('1', '1Gi')] })
  await resize(node, 'web', [sized('64', '1Gi')])
  await node.stop()
  const next = new TestNode({}, node)
  await next.settle()
  await next.clock.advance(100)
  await next.settle()
  expect(resizing(next.pod('web'))).toEqual(['PodResizePending Deferred 2'])
  expect(next.pod('web').status?.containerStatuses?.[0]?.allocatedResources).toEqual({ cpu: '1', memory: '1Gi' })
  expect(resourcesOf(next.pod('web'))).toMatchObject({ limits: { cpu: '1' } })
  await next.stop()
})

test('an init container that runs to its end is resized until then', async () => {
  const node = new TestNode()
  const init = (cpu: string): Container => ({ ...sized(cpu, '64Mi'), name: 'init' })
  await node.run('web', { initContainers: [init('100m')], containers: [sized('100m', '64Mi')] })
  const after = await change(node, 'web', { initContainers: [init('200m')] })
  expect(after.status?.initContainerStatuses?.[0]).toMatchObject({
    restartCount: 0,
    allocatedResources: { cpu: '200m', memory: '64Mi' },
    resources: { limits: { cpu: '200m', memory: '64Mi' } },
  })
  expect(resizing(after)).toEqual([])
  await node.stop()
})

const whole = (cpu: string, memory: string): NonNullable<PodSpec['resources']> => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
})

test('a resize of the pod as a whole changes its cgroup, and its containers where they have no limits', async () => {
  const limits = {}
  const node = new TestNode({
    cgroups: { update: (_uid, _qos, wanted) => Promise.resolve(void Object.assign(limits, wanted)) },
  })
  const own: Container = { name: 'own', image: 'app:1', resources: { limits: { cpu: '50m', memory: '32Mi' } } }
  const free: Container = { name: 'free', image: 'app:1' }
  await node.run('web', { containers: [own, free], resources: whole('100m', '64Mi') })
  const after = await change(node, 'web', { resources: whole('200m', '128Mi') })
  expect(limits).toEqual({
    cpuShares: 204,
    cpuQuotaMicros: 20_000,
    cpuPeriodMicros: 100_000,
    memoryBytes: 128 * 1024 ** 2,
  })
  expect(after.status).toMatchObject({
    resources: whole('200m', '128Mi'),
    allocatedResources: { cpu: '200m', memory: '128Mi' },
  })
  expect(resizing(after)).toEqual([])
  expect(node.events.filter((event) => event.includes('Resize')).map((event) => event.split(' ')[1])).toEqual([
    'ResizeStarted',
    'ResizeCompleted',
  ])
  await node.stop()
})

test('a pod whose containers all have limits of their own is resized as a whole just the same', async () => {
  const limits = {}
  const node = new TestNode({
    cgroups: { update: (_uid, _qos, wanted) => Promise.resolve(void Object.assign(limits, wanted)) },
  })
  await node.run('web', { containers: [sized('50m', '32Mi')], resources: whole('100m', '64Mi') })
  const after = await change(node, 'web', { resources: whole('80m', '48Mi') })
  expect(limits).toMatchObject({ cpuQuotaMicros: 8000, memoryBytes: 48 * 1024 ** 2 })
  expect(after.status?.resources).toEqual(whole('80m', '48Mi'))
  expect(resizing(after)).toEqual([])
  await node.stop()
})

test('a resize of the pod as a whole that fails is told with what it still has, and done by the next agent', async () => {
  let isBroken = true
  const limits = {}
  const update = (_uid: string, _qos: string, wanted: object): Promise<void> =>
    isBroken ? Promise.reject(new Error('no cgroup')) : Promise.resolve(void Object.assign(limits, wanted))
  const node = new TestNode({ cgroups: { update } })
  await node.run('web', { containers: [sized('50m', '32Mi')], resources: whole('100m', '64Mi') })
  const failed = await change(node, 'web', { resources: whole('200m', '128Mi') })
  expect(resizing(failed)).toEqual(['PodResizeInProgress Error 2'])
  expect(failed.status?.resources).toEqual(whole('100m', '64Mi'))
  expect(failed.status?.allocatedResources).toEqual({ cpu: '200m', memory: '128Mi' })
  await node.stop()
  isBroken = false
  const next = new TestNode({ cgroups: { update } }, node)
  await next.settle()
  await next.clock.advance(100)
  await next.settle()
  expect(limits).toMatchObject({ memoryBytes: 128 * 1024 ** 2 })
  expect(resizing(next.pod('web'))).toEqual([])
  expect(next.pod('web').status?.resources).toEqual(whole('200m', '128Mi'))
  await next.stop()
})

test('a pod that waits for another size as a whole keeps what it was granted, also with the next agent', async () => {
  const node = new TestNode()
  await node.run('web', { containers: [sized('50m', '32Mi')], resources: whole('100m', '64Mi') })
  const waiting = await change(node, 'web', { resources: whole('64', '64Mi') })
  expect(resizing(waiting)).toEqual(['PodResizePending Deferred 2'])
  expect(waiting.status?.allocatedResources).toEqual({ cpu: '100m', memory: '64Mi' })
  await node.stop()
  const next = new TestNode({}, node)
  await next.settle()
  await next.clock.advance(100)
  await next.settle()
  expect(resizing(next.pod('web'))).toEqual(['PodResizePending Deferred 2'])
  expect(next.pod('web').status?.resources).toEqual(whole('100m', '64Mi'))
  await next.stop()
})
