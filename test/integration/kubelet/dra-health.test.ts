import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ResourceStatus } from '#api/core/v1'
import { GrpcChannel } from '#grpc'
import { podResources } from '../../../src/kubelet/host/pod-resources/messages.ts'
import { servePodResources } from '../../../src/kubelet/host/pod-resources/server.ts'
import { DraNode, driverName } from './dra-node.ts'
import type { SampleDriver, SampleHealth } from './sample-driver.ts'

let node: DraNode

beforeEach(async () => {
  node = await DraNode.start()
})

afterEach(() => node.stop())

const of = (deviceName: string, health: SampleHealth['health'], more: Partial<SampleHealth> = {}): SampleHealth => ({
  device: { poolName: 'node-1', deviceName },
  health,
  ...more,
})

const shown = (pod: string): readonly ResourceStatus[] | undefined =>
  node.pod(pod).status?.containerStatuses?.[0]?.allocatedResourcesStatus

const oneIs = (health: string, message?: string): readonly ResourceStatus[] => [
  {
    name: 'claim:one',
    resources: [{ resourceID: 'example.com/gpu=one', health, ...(message === undefined ? {} : { message }) }],
  },
]

const isShown = async (wanted: readonly ResourceStatus[]): Promise<void> => {
  await node.until(() => JSON.stringify(shown('user')) === JSON.stringify(wanted)).catch(() => undefined)
  expect(shown('user')).toEqual(wanted)
}

/** A driver that tells of its devices; pod `user` has claim `one` of it, and runs. */
async function claimedDriver(): Promise<SampleDriver> {
  const driver = await node.offer({ tellsHealth: true })
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.runs('user')
  return driver
}

test('a pod’s status tells how its devices are, as their driver says', async () => {
  const driver = await claimedDriver()
  await isShown(oneIs('Unknown'))
  driver.setHealth([of('one', 'Healthy'), of('other', 'Unhealthy')])
  await isShown(oneIs('Healthy'))
  driver.setHealth([of('one', 'Unhealthy', { message: 'too hot' })])
  await isShown(oneIs('Unhealthy', 'too hot'))
  driver.setHealth([of('one', 'Unhealthy', { message: 'x'.repeat(2000) })])
  await isShown(oneIs('Unhealthy', `${'x'.repeat(1021)}...`))
})

test('what a driver has said holds for as long as it says, half a minute where it does not', async () => {
  const driver = await claimedDriver()
  driver.setHealth([of('one', 'Healthy')])
  await isShown(oneIs('Healthy'))
  await node.node.clock.advance(31_000)
  node.node.kubelet.workers.poke('user')
  await isShown(oneIs('Unknown'))
  driver.setHealth([of('one', 'Healthy', { healthCheckTimeoutSeconds: 120 })])
  await isShown(oneIs('Healthy'))
  await node.node.clock.advance(100_000)
  node.node.kubelet.workers.poke('user')
  await node.node.settle()
  expect(shown('user')).toEqual(oneIs('Healthy'))
})

test('of devices that a driver tells no more of, nothing is known; the next agent hears of them again', async () => {
  const driver = await claimedDriver()
  driver.setHealth([of('one', 'Healthy')])
  await isShown(oneIs('Healthy'))
  await node.restart()
  const kept = (): string | undefined => node.checkpoints.get('dra_health_state')
  driver.setHealth([of('one', 'Unhealthy')])
  await isShown(oneIs('Unhealthy'))
  await driver.stop()
  await node.until(() => kept() === '{}')
  await isShown(oneIs('Unknown'))
})

test('what is known of devices outlives the agent', async () => {
  const driver = await claimedDriver()
  driver.setHealth([of('one', 'Healthy')])
  await isShown(oneIs('Healthy'))
  const kept = node.checkpoints.get('dra_health_state')
  await node.restart(async () => driver.stop())
  expect(node.checkpoints.get('dra_health_state')).toBe(kept)
  expect(shown('user')).toEqual(oneIs('Healthy'))
})

test('a driver’s former instance that ends takes nothing away from what the new one tells', async () => {
  const driver = await claimedDriver()
  driver.setHealth([of('one', 'Unhealthy')])
  await isShown(oneIs('Unhealthy'))
  const next = node.driver({ instance: '-next', tellsHealth: true })
  next.setHealth([of('one', 'Healthy')])
  await next.start()
  await isShown(oneIs('Healthy'))
  await driver.stop()
  let turns = 0
  await node.until(() => turns++ > 40)
  node.node.kubelet.workers.poke('user')
  await node.node.settle()
  expect(shown('user')).toEqual(oneIs('Healthy'))
})

test('a driver that does not watch over its devices is not missed', async () => {
  await node.offer()
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.runs('user')
  await isShown(oneIs('Unknown'))
})

test('monitors are told which devices containers have claimed', async () => {
  await node.offer({
    prepare: ({ name }) => [
      { requestNames: [], poolName: 'node-1', deviceName: 'a', cdiDeviceIds: [`example.com/gpu=${name}`] },
      { requestNames: [], poolName: 'node-1', deviceName: 'b', cdiDeviceIds: [], shareId: 'share-1' },
    ],
  })
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.runs('user')
  const server = await servePodResources(join(node.folder, 'pr.sock'), node.node.kubelet)
  const channel = new GrpcChannel(`unix://${join(node.folder, 'pr.sock')}`)
  const cdiDevices = [{ name: 'example.com/gpu=one' }]
  const shared = { driverName, poolName: 'node-1', cdiDevices }
  const dynamicResources = [
    {
      claimName: 'one',
      claimNamespace: 'default',
      claimResources: [
        { ...shared, deviceName: 'a', shareId: '' },
        { ...shared, deviceName: 'b', shareId: 'share-1' },
      ],
    },
  ]
  const container = { name: 'app', devices: [], cpuIds: [], memory: [], dynamicResources }
  const pod = { name: 'user', namespace: 'default', containers: [container] }
  expect(await channel.unary(podResources.list, {})).toEqual({ podResources: [pod] })
  const asked = { podName: 'user', podNamespace: 'default' }
  expect(await channel.unary(podResources.get, asked)).toEqual({ podResources: pod })
  channel.close()
  await server.close()
})
