import { expect, test } from 'vitest'
import { createLogger } from '#base'
import { nodes } from '#api/core/v1'
import type { PodSpec } from '#api/core/v1'
import { simulatedHost } from '../simulated/host.ts'
import { TestNode } from '../testing/node.ts'
import { evictionRig, gibi, mebi } from './testing/rig.ts'

const requesting = (memory: string): Partial<PodSpec> => ({
  containers: [{ name: 'app', image: 'app:1', resources: { requests: { memory } } }],
})

test('when memory runs out the pod goes that uses most beyond what it asked for, one at a time', async () => {
  const { node, state, run, look, phases, pressure, annotations } = evictionRig()
  await run('modest', requesting('1Gi'))
  await run('greedy', requesting('100Mi'))
  await run('free')
  state.pods = new Map([
    ['modest', gibi - mebi],
    ['greedy', 300 * mebi],
    ['free', 100 * mebi],
  ])
  const pods = 1423 * mebi
  await look()
  expect(phases()).toEqual({ modest: 'Running', greedy: 'Running', free: 'Running' })
  state.used = 256 * gibi - 50 * mebi - pods
  await look()
  expect(phases()).toEqual({ modest: 'Running', greedy: 'Failed', free: 'Running' })
  const { status } = node.pod('greedy')
  const message =
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. ' +
    'Container app was using 300Mi, request is 100Mi, has larger consumption of memory. '
  expect(status).toMatchObject({ phase: 'Failed', reason: 'Evicted', message })
  expect(status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
    status: 'True',
    reason: 'TerminationByKubelet',
    message,
  })
  expect(node.events).toContain(`Warning Evicted ${message}`)
  expect(annotations.get(message)).toEqual({
    offending_containers: 'app',
    offending_containers_usage: '300Mi',
    starved_resource: 'memory',
  })
  expect(node.events).toContain('Warning EvictionThresholdMet Attempting to reclaim memory')
  expect(pressure('MemoryPressure')).toBe('True')
  await look()
  expect(phases()).toEqual({ modest: 'Running', greedy: 'Failed', free: 'Running' })
  state.used += 300 * mebi
  await look()
  expect(phases()).toEqual({ modest: 'Running', greedy: 'Failed', free: 'Failed' })
  await node.stop()
})

test('the next pod goes as soon as the one before it has left, when that did not suffice', async () => {
  const { node, state, run, look, phases } = evictionRig()
  for (const name of ['a', 'b', 'c']) await run(name)
  state.pods = new Map([
    ['a', 30 * mebi],
    ['b', 200 * mebi],
    ['c', 20 * mebi],
  ])
  state.used = 256 * gibi - 110 * mebi
  await look()
  expect(phases()).toEqual({ a: 'Running', b: 'Failed', c: 'Running' })
  state.used += 150 * mebi
  await look(12_000)
  expect(phases()).toEqual({ a: 'Failed', b: 'Failed', c: 'Failed' })
  await node.stop()
})

test('pods that fill what they may use together are evicted, though the node has memory left', async () => {
  const { node, state, run, look, phases, pressure } = evictionRig()
  await run('greedy')
  await run('modest', requesting('1Gi'))
  state.allocatable = 4 * gibi
  state.pods = new Map([
    ['greedy', 3 * gibi],
    ['modest', gibi - 10 * mebi],
  ])
  await look()
  expect(phases()).toEqual({ greedy: 'Failed', modest: 'Running' })
  expect(node.pod('greedy').status?.message).toContain('Threshold quantity: 100Mi, available: 10Mi. ')
  expect(pressure('MemoryPressure')).toBe('True')
  const { node: own } = await node.kubelet.stats.summary(true)
  expect(own.systemContainers).toMatchObject([{ name: 'pods', memory: { availableBytes: 3 * gibi + 10 * mebi } }])
  await node.stop()
})

test('of a pod that asks for memory as a whole people are told as a whole', async () => {
  const { node, state, run, look, annotations } = evictionRig()
  await run('whole', { resources: { requests: { memory: '200Mi' } } })
  state.pods = new Map([['whole', 300 * mebi]])
  state.used = 256 * gibi - 320 * mebi
  await look()
  const message =
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 20Mi. ' +
    'Pod whole was using 300Mi, request is 200Mi, has larger consumption of memory. ' +
    'Container app was using 300Mi, request is 0, has larger consumption of memory. '
  expect(node.pod('whole').status).toMatchObject({ reason: 'Evicted', message })
  expect(annotations.get(message)).toEqual({
    offending_pod: 'whole',
    offending_pod_usage: '300Mi',
    offending_containers: 'app',
    offending_containers_usage: '300Mi',
    starved_resource: 'memory',
  })
  await node.stop()
})

test('priority counts among those who exceed what they asked for, and critical pods stay', async () => {
  const { node, state, run, look, phases } = evictionRig()
  await run('high', { priority: 1000 })
  await run('low', { priority: 10 })
  await run('critical', { priority: 2_000_000_000 })
  state.pods = new Map([
    ['high', 900 * mebi],
    ['low', mebi],
    ['critical', 2000 * mebi],
  ])
  state.used = 256 * gibi
  await look()
  expect(phases()).toEqual({ high: 'Running', low: 'Failed', critical: 'Running' })
  await look()
  await look()
  expect(phases()).toEqual({ high: 'Failed', low: 'Failed', critical: 'Running' })
  await node.stop()
})

test('under memory pressure the node takes no pods without requests, until it is over for a while', async () => {
  const { node, state, run, look, phases, pressure } = evictionRig({ evictionPressureTransitionPeriod: '1m' })
  await run('critical', { priority: 2_000_000_000 })
  state.used = 256 * gibi
  await look()
  await run('besteffort')
  await run('burstable', requesting('1Mi'))
  expect(node.pod('besteffort').status).toMatchObject({
    phase: 'Failed',
    reason: 'Evicted',
    message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
  })
  expect(phases()).toMatchObject({ burstable: 'Running' })
  state.used = gibi
  await look(50_000)
  expect(pressure('MemoryPressure')).toBe('True')
  await look(30_000)
  expect(pressure('MemoryPressure')).toBe('False')
  await run('later')
  expect(phases()).toMatchObject({ later: 'Running' })
  await node.stop()
})

test('a soft threshold must be crossed for its grace period before a pod goes', async () => {
  const { node, state, run, look, phases } = evictionRig({
    evictionSoft: { 'memory.available': '10Gi' },
    evictionSoftGracePeriod: { 'memory.available': '30s' },
  })
  await run('free')
  state.used = 250 * gibi
  await look()
  await look(20_000)
  expect(phases()).toEqual({ free: 'Running' })
  await look()
  await look()
  expect(phases()).toEqual({ free: 'Failed' })
  await node.stop()
})

const soft = {
  evictionHard: { 'memory.available': '0%' },
  evictionSoft: { 'memory.available': '10Gi' },
  evictionSoftGracePeriod: { 'memory.available': '30s' },
}

test.each([
  ['what it asks for', 30, 4, 6000],
  ['no more than the node grants', 3, 60, 5000],
])('a pod that goes for a soft threshold has %s to end', async (_, evictionMaxPodGracePeriod, asks, ms) => {
  const behaviour = () => ({ container: () => ({ stopsAfterMs: 100_000 }) })
  const { node, state, run, look, phases } = evictionRig({ ...soft, evictionMaxPodGracePeriod }, { behaviour })
  await run('slow', { terminationGracePeriodSeconds: asks })
  state.used = 250 * gibi
  while (!node.events.some((event) => event.startsWith('Warning Evicted'))) await look(1000)
  await look(1000)
  expect(phases()).toEqual({ slow: 'Running' })
  await look(ms)
  expect(phases()).toEqual({ slow: 'Failed' })
  expect(node.events.join()).not.toContain('ExceededGracePeriod')
  await node.stop()
})

test('a threshold that was crossed for too short a time wants nothing back', async () => {
  const { node, state, run, look, phases } = evictionRig({
    ...soft,
    evictionMinimumReclaim: { 'memory.available': '5Gi' },
  })
  await run('free')
  state.used = 250 * gibi
  await look(20_000)
  state.used = 244 * gibi
  await look(40_000)
  expect(phases()).toEqual({ free: 'Running' })
  await node.stop()
})

test('a pod that does not end in time is told of, and keeps nobody waiting', async () => {
  const { node, state, run, look, phases } = evictionRig()
  await run('stuck')
  await run('other', requesting('1Gi'))
  node.runtime.stopContainer = (id) => {
    return id === stuck ? new Promise<void>(() => {}) : Promise.resolve(node.runtime.exitContainer(id, 1))
  }
  const all = await node.runtime.listContainers()
  const stuck = all.find(({ labels }) => labels['io.kubernetes.pod.name'] === 'stuck')?.id
  state.pods = new Map([
    ['stuck', gibi],
    ['other', 2 * gibi],
  ])
  state.used = 253 * gibi
  await look()
  expect(phases()).toEqual({ stuck: 'Running', other: 'Running' })
  await look(60_000)
  expect(node.events).toContain(
    'Warning ExceededGracePeriod Container runtime did not kill the pod within specified grace period.',
  )
  expect(phases()).toEqual({ stuck: 'Running', other: 'Failed' })
  await node.stop()
})

test('before a pod goes for want of disk, containers that have ended and images that nobody uses do', async () => {
  const behaviour = ({ name }: { readonly name: string }) =>
    name === 'job' ? { container: () => ({ runsForMs: 1000 }) } : {}
  const { node, state, run, look, phases, pressure } = evictionRig({}, { behaviour })
  state.images = [{ id: 'unused', size: 200 * gibi, repoTags: ['unused:1'] }]
  await run('web')
  await run('job', { restartPolicy: 'Never' })
  await look(180_000)
  expect(phases()).toEqual({ web: 'Running', job: 'Succeeded' })
  expect(await node.runtime.listContainers()).toHaveLength(2)
  state.freeDisk = 50 * gibi
  await look()
  expect(phases()).toEqual({ web: 'Running', job: 'Succeeded' })
  expect(pressure('DiskPressure')).toBe('True')
  expect(state.images).toEqual([])
  expect(await node.runtime.listContainers()).toHaveLength(1)
  expect(await node.runtime.listPodSandboxes()).toHaveLength(1)
  state.freeDisk = 50 * gibi
  await look()
  expect(phases()).toEqual({ web: 'Failed', job: 'Succeeded' })
  expect(node.events).toContain('Warning EvictionThresholdMet Attempting to reclaim ephemeral-storage')
  await node.stop()
})

test('images that lie elsewhere stay when the file system of pods runs full', async () => {
  const { node, state, run, look, phases } = evictionRig({ evictionHard: { 'nodefs.available': '10%' } })
  state.images = [{ id: 'unused', size: 200 * gibi, repoTags: ['unused:1'] }]
  state.device = (path) => (path === '/images' ? 2 : 1)
  await run('web')
  await look(180_000)
  state.freeDisk = 50 * gibi
  await look()
  expect(state.images).toHaveLength(1)
  expect(phases()).toEqual({ web: 'Failed' })
  await node.stop()
})

test('where images alone lie elsewhere, containers that have ended go for want of disk, and images for want of theirs', async () => {
  const behaviour = ({ name }: { readonly name: string }) =>
    name === 'job' ? { container: () => ({ runsForMs: 1000 }) } : {}
  const { node, state, run, look } = evictionRig({}, { behaviour })
  node.runtime.images.containerFilesystems = () => Promise.resolve([{ timestamp: 0, mountpoint: '/containers' }])
  state.images = [{ id: 'unused', size: gibi, repoTags: ['unused:1'] }]
  state.device = (path) => (path === '/images' ? 2 : 1)
  await run('web', { priority: 2_000_000_000 })
  await run('job', { restartPolicy: 'Never' })
  await look(180_000)
  const left = async (): Promise<unknown> => [(await node.runtime.listContainers()).length, state.images.length]
  expect(await left()).toEqual([2, 1])
  state.low = (path) => path !== '/images'
  await look()
  expect(await left()).toEqual([1, 1])
  state.low = (path) => path === '/images'
  await look(30_000)
  expect(await left()).toEqual([1, 0])
  await node.stop()
})

test('the file system of containers has the thresholds of the one that it is, whatever was given for it', async () => {
  const told: unknown[] = []
  const log = createLogger('info', (level, message, { error }) => {
    if (message.includes('containerfs')) told.push(`${level} ${message} ${String(error)}`)
  })
  const given = { 'nodefs.available': '10%', 'containerfs.available': '99%', 'containerfs.inodesFree': '99%' }
  const { node, state, run, look, phases } = evictionRig({ evictionHard: given }, {}, log)
  await run('web')
  state.freeDisk = 500 * gibi
  await look()
  await look()
  expect(phases()).toEqual({ web: 'Running' })
  expect(told).toEqual([
    'error eviction manager: found conflicting containerfs eviction. Ignoring. found containerfs.inodesFree for hard eviction. ignoring',
  ])
  await node.stop()
})

test('a pod that writes more than its limits goes: of a volume, of a container, of all together', async () => {
  const { node, state, run, look, phases } = evictionRig()
  const limited = (limit: string): PodSpec['containers'] => [
    { name: 'app', image: 'app:1', resources: { limits: { 'ephemeral-storage': limit } } },
  ]
  await run('volume', { volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '10Mi' } }] })
  await run('container', {
    containers: [
      ...limited('20Mi'),
      { name: 'other', image: 'app:1', resources: { limits: { 'ephemeral-storage': '1Gi' } } },
    ],
  })
  await run('some', { containers: [...limited('20Mi'), { name: 'other', image: 'app:1' }] })
  await run('whole', { containers: limited('1Gi') })
  await look()
  expect(phases()).toEqual({ volume: 'Running', container: 'Running', some: 'Running', whole: 'Running' })
  const folder = (name: string): string => `default_${name}_`
  state.files = new Map([
    [`${folder('container')}${node.pod('container').metadata.uid}/app`, 21 * mebi],
    [folder('some'), 21 * mebi],
    [folder('whole'), 2 * gibi],
  ])
  await look(70_000)
  expect(phases()).toEqual({ volume: 'Running', container: 'Failed', some: 'Failed', whole: 'Failed' })
  expect(node.pod('container').status).toMatchObject({
    reason: 'Evicted',
    message: 'Container app exceeded its local ephemeral storage limit "20Mi". ',
  })
  // What some containers may write is all that the pod may.
  expect(node.pod('some').status?.message).toBe(
    'Pod ephemeral local storage usage exceeds the total limit of containers 20Mi. ',
  )
  expect(node.pod('whole').status?.message).toBe(
    'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
  )
  // The room is wanted back: of who was evicted nothing stays, not even logs.
  const left = (await node.runtime.listContainers()).map(({ podSandboxId, ...rest }) => [podSandboxId, rest])
  expect(left).toHaveLength(1)
  expect(node.pod('whole').status?.conditions?.some(({ type }) => type === 'DisruptionTarget')).toBe(false)
  await node.stop()
})

test.each([
  [1, true, ['memory.available', 'allocatableMemory.available']],
  [1, false, []],
  [2, true, []],
] as const)(
  'thresholds that the kernel can not tell of (cgroups v%i, wanted: %s) are named',
  async (cgroupVersion, kernelMemcgNotification, named) => {
    const told: unknown[] = []
    const log = createLogger('info', (_, message, { signal }) => {
      if (message === 'Eviction manager: failed to create memory threshold notifier') told.push(signal)
    })
    const { facts } = simulatedHost({ nodeName: 'node-1', addresses: [] })
    const machine = { ...(await facts.machine()), cgroupVersion }
    const node = new TestNode({ config: { kernelMemcgNotification }, log, machine })
    await node.clock.advance(20_000)
    expect(told).toEqual(named)
    await node.stop()
  },
)

test("where the node does not keep pods' storage apart, it is no resource, and no pod goes for what it writes", async () => {
  const { node, state, run, look, phases, pressure } = evictionRig({ localStorageCapacityIsolation: false })
  const resources = { limits: { 'ephemeral-storage': '1Mi' } }
  await run('limited', {
    containers: [{ name: 'app', image: 'app:1', resources }],
    volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '1Mi' } }],
  })
  const named = node.api.peek(nodes, { namespace: '', name: 'node-1' })?.status
  expect(Object.keys(named?.capacity ?? {}).sort()).toEqual(['cpu', 'memory', 'pods'])
  expect(Object.keys(named?.allocatable ?? {}).sort()).toEqual(['cpu', 'memory', 'pods'])
  state.files = new Map([['default_limited_', gibi]])
  await look(70_000)
  expect(phases()).toEqual({ limited: 'Running' })
  await run('asking', {
    containers: [{ name: 'app', image: 'app:1', resources: { requests: { 'ephemeral-storage': '1' } } }],
  })
  expect(node.pod('asking').status?.reason).toBe('OutOfephemeral-storage')
  state.freeDisk = 50 * gibi
  await look()
  expect(pressure('DiskPressure')).toBe('True')
  await node.stop()
})

test('pods are evicted until as much is back as the node is to reclaim at least', async () => {
  const config = { evictionHard: { 'memory.available': '1Gi' }, evictionMinimumReclaim: { 'memory.available': '2Gi' } }
  const { node, state, run, look, phases } = evictionRig(config)
  for (const name of ['a', 'b', 'c']) await run(name)
  state.pods = new Map([
    ['a', 1.5 * gibi],
    ['b', 1.4 * gibi],
    ['c', gibi],
  ])
  state.used = 250 * gibi
  await look()
  expect(phases()).toEqual({ a: 'Running', b: 'Running', c: 'Running' })
  state.used = 251.6 * gibi
  await look(30_000)
  expect(phases()).toEqual({ a: 'Failed', b: 'Failed', c: 'Running' })
  await node.stop()
})
