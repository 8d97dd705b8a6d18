import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import { formatDevices } from '../devices/checkpoint.ts'
import { simulatedHost } from '../simulated/host.ts'
import { TestNode } from '../testing/node.ts'

test('a node tells how it begins, in the words people look for', async () => {
  const node = new TestNode()
  await node.settle()
  await node.clock.advance(11_000)
  expect(node.events.toSorted()).toEqual([
    'Normal NodeAllocatableEnforced Updated Node Allocatable limit across pods',
    'Normal NodeHasNoDiskPressure Node node-1 status is now: NodeHasNoDiskPressure',
    'Normal NodeHasSufficientMemory Node node-1 status is now: NodeHasSufficientMemory',
    'Normal NodeHasSufficientPID Node node-1 status is now: NodeHasSufficientPID',
    'Normal Starting Starting kubelet.',
  ])
  await node.stop()
})

test('a node declares features that are on, and none where it is not to declare any', async () => {
  const declared = async (...off: readonly string[]): Promise<unknown> => {
    const node = new TestNode({ config: { featureGates: Object.fromEntries(off.map((gate) => [gate, false])) } })
    await node.settle()
    await node.stop()
    return (await node.api.get(nodes, { name: 'node-1' })).status?.declaredFeatures
  }
  const all = await declared()
  expect(all).toContain('RestartAllContainersOnContainerExits')
  expect(await declared('ExtendWebSocketsToKubelet')).toEqual(
    (all as string[]).filter((name) => name !== 'ExtendWebSocketsToKubelet'),
  )
  expect(await declared('NodeDeclaredFeatures')).toBeUndefined()
})

test('a node that comes back after a reboot says so, once', async () => {
  const node = new TestNode()
  await node.settle()
  await node.stop()
  const known = await node.api.get(nodes, { name: 'node-1' })
  const { nodeInfo } = known.status ?? {}
  if (!nodeInfo) throw new Error('the node tells nothing of itself')
  await node.api.update(nodes, { ...known, status: { ...known.status, nodeInfo: { ...nodeInfo, bootID: 'before' } } })
  const next = new TestNode({}, node)
  await next.settle()
  await next.clock.advance(30_000)
  expect(next.events.filter((event) => event.includes('Rebooted'))).toEqual([
    'Warning Rebooted Node node-1 has been rebooted, boot id: node-1',
  ])
  await next.stop()
})

test('a node that was known before has huge pages of its sizes alone, and of devices none until plugins are back', async () => {
  const host = simulatedHost({ nodeName: 'node-1', addresses: ['192.168.0.1'] })
  const machine = { ...(await host.facts.machine()), hugePages: { '2Mi': '4Mi' } }
  const node = new TestNode({ machine })
  await node.settle()
  await node.stop()
  const known = await node.api.get(nodes, { name: 'node-1' })
  const { capacity, allocatable } = known.status ?? {}
  const more = { 'hugepages-3Mi': '9Mi', 'example.com/dongle': '4' }
  const status = { ...known.status, capacity: { ...capacity, ...more }, allocatable: { ...allocatable, ...more } }
  await node.api.update(nodes, { ...known, status })
  const kept = formatDevices({ PodDeviceEntries: [], RegisteredDevices: {} })
  const devicePlugins = { ...host.devicePlugins, load: () => Promise.resolve(kept) }
  for (const [options, dongles] of [
    [{ devicePlugins }, '4'],
    [{}, '0'],
  ] as const) {
    const next = new TestNode({ machine, ...options }, node)
    await next.settle()
    await next.clock.advance(30_000)
    await next.stop()
    const { status: after } = await node.api.get(nodes, { name: 'node-1' })
    expect(after?.capacity).toEqual({ ...capacity, 'example.com/dongle': dongles })
    expect(after?.allocatable).toEqual({ ...allocatable, 'example.com/dongle': dongles })
  }
})

test.for([
  ['1.0.0', '1.0.0'],
  ['v1.7.24', '1.7.24'],
  ['2.0.0-rc.1+more', '2.0.0-rc.1+more'],
  ['1.6.20~ds1', '1.6.20'],
  ['1.30-dev', '1.30'],
  ['unreleased', 'unreleased'],
] as const)('a runtime of version %s is told of as %s', async ([given, told]) => {
  const node = new TestNode()
  const version = await node.runtime.version()
  node.runtime.version = () => Promise.resolve({ ...version, runtimeVersion: given })
  await node.settle()
  const { status } = await node.api.get(nodes, { name: 'node-1' })
  expect(status?.nodeInfo?.containerRuntimeVersion).toBe(`${version.runtimeName}://${told}`)
  await node.stop()
})

test('labels of the system that somebody changes are put right with the next report', async () => {
  const node = new TestNode()
  await node.settle()
  const wanted = (await node.api.get(nodes, { name: 'node-1' })).metadata.labels
  const labels = { 'kubernetes.io/os': 'other', 'kubernetes.io/arch': 'other', mine: 'stays' }
  await node.api.patch(nodes, { name: 'node-1' }, { type: 'merge', patch: { metadata: { labels } } })
  await node.settle()
  await node.clock.advance(11_000)
  await node.settle()
  expect((await node.api.get(nodes, { name: 'node-1' })).metadata.labels).toEqual({ ...wanted, mine: 'stays' })
  await node.stop()
})

test('a node that was registered before gets the labels of its place that it would register with', async () => {
  const node = new TestNode()
  await node.settle()
  await node.stop()
  const labels = { 'topology.kubernetes.io/zone': 'there', 'node.kubernetes.io/instance-type': 'large' }
  const next = new TestNode({ kubelet: { labels: { ...labels, mine: 'only of new nodes' } } }, node)
  await next.settle()
  const found = (await next.api.get(nodes, { name: 'node-1' })).metadata.labels
  expect(found).toMatchObject(labels)
  expect(found).not.toHaveProperty('mine')
  await next.stop()
})
