import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DraNode, driverName } from './dra-node.ts'
import { usualDevice } from './sample-driver.ts'

let node: DraNode

beforeEach(async () => {
  node = await DraNode.start()
})

afterEach(() => node.stop())

const isRegistered = (): boolean => {
  try {
    return node.drivers.get(driverName) !== undefined
  } catch {
    return false
  }
}

test('a driver is told that it has registered, or why it has not', async () => {
  const driver = await node.offer()
  expect(driver.told).toEqual([{ pluginRegistered: true, error: '' }])
  const old = await node.offer({ driver: 'old.example.com', services: ['v1alpha4.Node'] })
  const why =
    'none of services supported by the plugin (["v1alpha4.Node"]) are supported by the kubelet (["v1.DRAPlugin" "v1beta1.DRAPlugin"])'
  const versions = `invalid supported gRPC versions of DRA driver plugin old.example.com at endpoint ${old.endpoint}: ${why}`
  expect(old.told[0]).toEqual({
    pluginRegistered: false,
    error: `RegisterPlugin error -- plugin validation failed with err: ${versions}`,
  })
  expect((await readdir(node.registry)).sort()).toEqual([`${driverName}-reg.sock`, 'old.example.com-reg.sock'])
})

test.each([['v1.DRAPlugin'], ['v1beta1.DRAPlugin']])(
  'a driver that serves only %s prepares claims',
  async (service) => {
    const driver = await node.offer({ services: [service] })
    await node.claim('one', ['user'])
    await node.run('user', ['one'])
    await node.runs('user')
    await node.delete('user')
    await node.until(() => !node.node.has('user'))
    expect(driver.calls).toEqual(['prepare one', 'unprepare one'])
  },
)

test('of several instances of a driver the newest that answers is asked', async () => {
  const first = await node.offer({ instance: '-1' })
  const second = await node.offer({ instance: '-2' })
  const run = async (name: string): Promise<void> => {
    await node.claim(name, [name])
    await node.run(name, [name])
    await node.runs(name)
  }
  await run('a')
  await second.stopServing()
  await run('b')
  await second.stop()
  await run('c')
  expect([first.calls, second.calls]).toEqual([['prepare b', 'prepare c'], ['prepare a']])
})

test('each driver of a claim prepares it, and all of its claims at once', async () => {
  const other = 'net.example.com'
  const gpus = await node.offer()
  const nets = await node.offer({
    driver: other,
    prepare: ({ name }) => [
      { requestNames: [], poolName: 'node-1', deviceName: name, cdiDeviceIds: [`example.com/net=${name}`] },
    ],
  })
  await node.claim('both', ['user'], { drivers: [driverName, other] })
  await node.claim('net', ['user'], { drivers: [other] })
  await node.run('user', ['both', 'net'])
  await node.runs('user')
  expect([gpus.calls, nets.calls]).toEqual([['prepare both'], ['prepare both,net']])
  expect(node.devicesOf('user')).toEqual(['example.com/gpu=both', 'example.com/net=both', 'example.com/net=net'])
})

test('an agent that starts takes its node’s slices away: no driver has registered yet', async () => {
  await node.restart(async () => {
    await node.slice('own', driverName)
    await node.slice('other', driverName, 'node-2')
  })
  await node.until(async () => (await node.slices()).join() === 'other')
})

test('slices of a driver that is gone for half a minute go, too; others stay', async () => {
  const driver = await node.offer()
  await node.offer({ driver: 'net.example.com' })
  await node.slice('gpu', driverName)
  await node.slice('net', 'net.example.com')
  await node.slice('other', driverName, 'node-2')
  await driver.stop()
  await node.until(() => !isRegistered())
  await node.node.clock.advance(29_000)
  expect(await node.slices()).toEqual(['gpu', 'net', 'other'])
  await node.node.clock.advance(2000)
  await node.until(async () => (await node.slices()).join() === 'net,other')
})

test('a driver that comes back without answering loses the slices that it has offered meanwhile', async () => {
  const driver = await node.offer()
  await driver.stop()
  await node.until(() => !isRegistered())
  await node.node.clock.advance(40_000)
  await driver.register()
  await node.until(isRegistered)
  await node.slice('gpu', driverName)
  await node.node.clock.advance(31_000)
  await node.until(async () => (await node.slices()).length === 0)
})

test('a driver that answers again in time keeps its slices, though it did not register anew', async () => {
  const driver = await node.offer()
  await node.slice('gpu', driverName)
  const isUsable = (): boolean => node.drivers.get(driverName).isConnected
  await node.until(isUsable)
  await driver.stopServing()
  await node.until(() => !isUsable())
  await node.node.clock.advance(20_000)
  await driver.serve()
  await node.until(isUsable)
  await node.node.clock.advance(60_000)
  expect(await node.slices()).toEqual(['gpu'])
  await driver.stopServing()
  await node.until(() => !isUsable())
  await node.node.clock.advance(31_000)
  await node.until(async () => (await node.slices()).length === 0)
})

test('an agent that ends leaves slices to the next one', async () => {
  await node.offer()
  await node.slice('gpu', driverName)
  await node.until(() => node.drivers.get(driverName).isConnected)
  await node.node.stop()
  let turns = 0
  await node.until(() => ++turns > 20)
  await node.node.clock.advance(60_000)
  expect(await node.slices()).toEqual(['gpu'])
})

test('a claim whose second driver fails keeps what the first has prepared, without having it twice', async () => {
  const other = 'net.example.com'
  let fails = true
  await node.offer()
  await node.offer({
    driver: other,
    prepare: (claim) => {
      if (fails) throw new Error('no link')
      return usualDevice({ ...claim, name: 'link' })
    },
  })
  await node.claim('both', ['user'], { drivers: [driverName, other] })
  await node.run('user', ['both'])
  await node.until(() => node.events.some((event) => event.endsWith('failed for ResourceClaim both: no link')))
  fails = false
  await node.runsWhenTriedAgain('user')
  expect(node.devicesOf('user')).toEqual(['example.com/gpu=both', 'example.com/gpu=link'])
})
