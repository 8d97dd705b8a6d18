import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import type { Pod, PodSpec } from '#api/core/v1'
import type { CgroupUsage, PodCgroupUsage } from '../seams/usage.ts'
import { TestNode } from '../testing/node.ts'

const gibi = 1024 ** 3
const mebi = 1024 ** 2
const usage = (bytes: number, processes = 1): CgroupUsage => ({
  cpuNanos: 0,
  memory: { usageBytes: bytes, workingSetBytes: bytes, rssBytes: 0, pageFaults: 0, majorPageFaults: 0 },
  swapBytes: 0,
  processes,
})

/** A node of 256 GiB whose use is what a test says. */
function rig(config: object = {}) {
  const state = { used: gibi, freeDisk: 1000 * gibi, files: new Map<string, number>(), pods: new Map<string, number>() }
  const node: TestNode = new TestNode({
    config,
    cgroups: {
      nodeUsage: () => Promise.resolve({ machine: usage(state.used), pods: usage(0) }),
      usage: async (uid): Promise<PodCgroupUsage> => {
        const bytes = state.pods.get(names.get(uid) ?? '') ?? 0
        const all = await node.runtime.listContainers()
        const own = all.filter(({ labels }) => labels['io.kubernetes.pod.uid'] === uid)
        return { whole: usage(bytes), containers: new Map(own.map(({ id }) => [id, usage(bytes)])) }
      },
    },
    measures: {
      space: () =>
        Promise.resolve({
          capacityBytes: 1024 * gibi,
          availableBytes: state.freeDisk,
          usedBytes: 0,
          inodes: 1e6,
          inodesFree: 9e5,
          inodesUsed: 1e5,
        }),
      diskUsage: (path) => {
        const [, bytes = 0] = [...state.files].find(([part]) => path.includes(part)) ?? []
        return Promise.resolve({ usedBytes: bytes, inodesUsed: 1 })
      },
    },
  })
  const names = new Map<string, string>()
  const run = async (name: string, spec: Partial<PodSpec> = {}): Promise<Pod> => {
    const pod = await node.run(name, { terminationGracePeriodSeconds: 0, ...spec })
    names.set(pod.metadata.uid ?? '', name)
    return pod
  }
  const look = async (ms = 10_000): Promise<void> => {
    await node.clock.advance(ms)
    await node.settle()
  }
  const phases = (): { [name: string]: string | undefined } =>
    Object.fromEntries([...names.values()].map((name) => [name, node.pod(name).status?.phase]))
  const pressure = (type: string): string | undefined =>
    node.api.peek(nodes, { namespace: '', name: 'node-1' })?.status?.conditions?.find((each) => each.type === type)
      ?.status
  return { node, state, run, look, phases, pressure }
}

const requesting = (memory: string): Partial<PodSpec> => ({
  containers: [{ name: 'app', image: 'app:1', resources: { requests: { memory } } }],
})

test('when memory runs out the pod goes that uses most beyond what it asked for, one at a time', async () => {
  const { node, state, run, look, phases, pressure } = rig()
  await run('modest', requesting('1Gi'))
  await run('greedy', requesting('100Mi'))
  await run('free')
  state.pods = new Map([
    ['modest', gibi - mebi],
    ['greedy', 300 * mebi],
    ['free', 100 * mebi],
  ])
  await look()
  expect(phases()).toEqual({ modest: 'Running', greedy: 'Running', free: 'Running' })
  state.used = 256 * gibi - 50 * mebi
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
  expect(node.events).toContain('Warning EvictionThresholdMet Attempting to reclaim memory')
  expect(pressure('MemoryPressure')).toBe('True')
  await look()
  expect(phases()).toEqual({ modest: 'Running', greedy: 'Failed', free: 'Failed' })
  await node.stop()
})

test('priority counts among those who exceed what they asked for, and critical pods stay', async () => {
  const { node, state, run, look, phases } = rig()
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
  const { node, state, run, look, phases, pressure } = rig({ evictionPressureTransitionPeriod: '1m' })
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
  const { node, state, run, look, phases } = rig({
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

test('a pod that writes more than its limits goes: of a volume, of a container, of all together', async () => {
  const { node, state, run, look, phases } = rig()
  const limited = (limit: string): PodSpec['containers'] => [
    { name: 'app', image: 'app:1', resources: { limits: { 'ephemeral-storage': limit } } },
  ]
  await run('volume', { volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '10Mi' } }] })
  await run('container', { containers: [...limited('20Mi'), { name: 'other', image: 'app:1' }] })
  await run('whole', { containers: limited('1Gi') })
  await look()
  expect(phases()).toEqual({ volume: 'Running', container: 'Running', whole: 'Running' })
  const folder = (name: string): string => `default_${name}_`
  state.files = new Map([
    [folder('container'), 21 * mebi],
    [folder('whole'), 2 * gibi],
  ])
  await look(70_000)
  expect(phases()).toEqual({ volume: 'Running', container: 'Failed', whole: 'Failed' })
  expect(node.pod('container').status).toMatchObject({
    reason: 'Evicted',
    message: 'Container app exceeded its local ephemeral storage limit "20Mi". ',
  })
  expect(node.pod('whole').status?.message).toBe(
    'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
  )
  // The room is wanted back: of who was evicted nothing stays, not even logs.
  const left = (await node.runtime.listContainers()).map(({ podSandboxId, ...rest }) => [podSandboxId, rest])
  expect(left).toHaveLength(1)
  expect(node.pod('whole').status?.conditions?.some(({ type }) => type === 'DisruptionTarget')).toBe(false)
  await node.stop()
})

test('pods are evicted until as much is back as the node is to reclaim at least', async () => {
  const config = { evictionHard: { 'memory.available': '1Gi' }, evictionMinimumReclaim: { 'memory.available': '2Gi' } }
  const { node, state, run, look, phases } = rig(config)
  for (const name of ['a', 'b', 'c']) await run(name)
  state.pods = new Map([
    ['a', 3 * gibi],
    ['b', 2 * gibi],
    ['c', gibi],
  ])
  state.used = 254 * gibi
  await look()
  expect(phases()).toEqual({ a: 'Running', b: 'Running', c: 'Running' })
  state.used = 255.5 * gibi
  await look()
  state.used = 254 * gibi
  await look()
  expect(phases()).toEqual({ a: 'Failed', b: 'Failed', c: 'Running' })
  state.used = 253 * gibi
  await look()
  await look()
  expect(phases()).toEqual({ a: 'Failed', b: 'Failed', c: 'Running' })
  await node.stop()
})
