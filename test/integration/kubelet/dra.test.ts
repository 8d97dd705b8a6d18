import { afterEach, beforeEach, expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import { resourceclaims } from '#api/resource/v1'
import { DraNode, driverName } from './dra-node.ts'
import { usualDevice } from './sample-driver.ts'

let node: DraNode

beforeEach(async () => {
  node = await DraNode.start()
})

afterEach(() => node.stop())

const failed = 'Warning FailedPrepareDynamicResources Failed to prepare dynamic resources: prepare dynamic resources: '

test('a pod’s claims are prepared before it starts, its container gets their devices, and they are given back', async () => {
  const driver = await node.offer()
  await node.claim('one', ['user'])
  await node.claim('two', ['user'])
  await node.run('user', ['one', 'two'])
  await node.runs('user')
  expect(driver.calls).toEqual(['prepare one,two'])
  expect(node.devicesOf('user')).toEqual(['example.com/gpu=one', 'example.com/gpu=two'])
  await node.delete('user')
  await node.until(() => !node.node.has('user'))
  expect(driver.calls).toEqual(['prepare one,two', 'unprepare one,two'])
})

test('a claim that several pods share is prepared once, and given back with the last of them', async () => {
  const driver = await node.offer()
  await node.claim('shared', ['first', 'second'])
  for (const pod of ['first', 'second']) {
    await node.run(pod, ['shared'])
    await node.runs(pod)
  }
  await node.delete('first')
  await node.until(() => !node.node.has('first'))
  expect(driver.calls).toEqual(['prepare shared'])
  await node.delete('second')
  await node.until(() => !node.node.has('second'))
  expect(driver.calls).toEqual(['prepare shared', 'unprepare shared'])
})

test('a container gets the devices of the requests that it names, and of extended resources that were claimed', async () => {
  await node.offer({
    prepare: ({ name }) =>
      ['small', 'large'].map((request) => ({
        requestNames: [request],
        poolName: 'node-1',
        deviceName: `${name}-${request}`,
        cdiDeviceIds: [`example.com/gpu=${name}-${request}`],
      })),
  })
  await node.claim('named', ['user'])
  await node.claim('extended', ['user'])
  const resource = 'example.com/gpu'
  const container = (name: string, resources: object): { name: string; image: string; resources: object } => ({
    name,
    image: 'app:1',
    resources,
  })
  await node.run(
    'user',
    ['named'],
    {
      containers: [
        container('one', { claims: [{ name: 'named', request: 'small' }] }),
        container('all', { claims: [{ name: 'named' }] }),
        container('extended', { requests: { [resource]: '1' }, limits: { [resource]: '1' } }),
        container('none', {}),
      ],
    },
    {
      extendedResourceClaimStatus: {
        resourceClaimName: 'extended',
        requestMappings: [{ containerName: 'extended', resourceName: resource, requestName: 'large' }],
      },
    },
  )
  await node.runs('user')
  expect(['one', 'all', 'extended', 'none'].map((name) => node.devicesOf('user', name))).toEqual([
    ['example.com/gpu=named-small'],
    ['example.com/gpu=named-small', 'example.com/gpu=named-large'],
    ['example.com/gpu=extended-large'],
    [],
  ])
})

test('a pod waits for a driver that is not there, and goes without having been prepared', async () => {
  await node.claim('one', ['user', 'other'])
  await node.run('user', ['one'])
  await node.until(() => node.events.includes(`${failed}DRA driver ${driverName} is not registered`))
  expect(node.pod('user').status?.phase).toBe('Pending')
  expect(node.pod('user').status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'PodReadyToStartContainers', status: 'False' }),
  )
  await node.run('other', ['one'])
  await node.delete('other')
  await node.until(() => !node.node.has('other'))
  const driver = await node.offer()
  await node.runsWhenTriedAgain('user')
  expect(driver.calls).toEqual(['prepare one'])
})

test.each([
  ['is not allocated', { isAllocated: false }, ['user'], 'ResourceClaim one: not allocated'],
  ['is reserved for others', {}, ['other'], 'pod user (user) is not allowed to use ResourceClaim one (uid-of-one)'],
])('a claim that %s keeps a pod from starting', async (_, options, users, why) => {
  const driver = await node.offer()
  await node.claim('one', users, options)
  await node.run('user', ['one'])
  await node.until(() => node.events.includes(failed + why))
  expect(driver.calls).toEqual([])
})

test('a claim made from a template has to be the pod’s own', async () => {
  const driver = await node.offer()
  const fromTemplate = { resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'template' }] }
  await node.run('early', [], fromTemplate)
  await node.until(() => node.events.includes(`${failed}pod "default/early": ResourceClaim not created yet`))
  await node.claim('own', ['user'], { owner: 'user' })
  const made = (name: string): object => ({ resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: name }] })
  await node.run('thief', [], fromTemplate, made('own'))
  const why = 'ResourceClaim default/own was not created for Pod default/thief (Pod is not owner)'
  await node.until(() => node.events.includes(failed + why))
  await node.run('user', [], fromTemplate, made('own'))
  await node.runs('user')
  expect(driver.calls).toEqual(['prepare own'])
})

test('what drivers refuse, leave out or make up is told, and tried again', async () => {
  let answer: 'fails' | 'skips' | 'works' = 'fails'
  const driver = await node.offer({
    prepare: (claim) => {
      if (answer === 'fails') throw new Error('no power')
      return answer === 'skips' ? undefined : usualDevice(claim)
    },
  })
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.until(() => node.events.includes(`${failed}NodePrepareResources failed for ResourceClaim one: no power`))
  answer = 'skips'
  await node.untilTriedAgain(() => node.events.includes(`${failed}NodePrepareResources skipped 1 ResourceClaims`))
  await driver.stopServing()
  await node.untilTriedAgain(() =>
    node.events.some((event) => event.startsWith(`${failed}NodePrepareResources: rpc error: code = Unavailable`)),
  )
  answer = 'works'
  await driver.serve()
  await node.runsWhenTriedAgain('user')
})

test('a pod that failed to be prepared, or to be given back, stays until its driver has undone it', async () => {
  let fails = true
  const driver = await node.offer({
    prepare: () => {
      throw new Error('no power')
    },
    unprepare: () => {
      if (fails) throw new Error('still in use')
    },
  })
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.until(() => driver.calls.includes('prepare one'))
  await node.delete('user')
  await node.until(() => driver.calls.includes('unprepare one'))
  expect(node.node.has('user')).toBe(true)
  expect(node.pod('user').status?.phase).toBe('Pending')
  fails = false
  await node.untilTriedAgain(() => !node.node.has('user'))
})

test('a pod that is deleted does not wait for a driver that takes its time to prepare', async () => {
  let hangs = true
  const driver = await node.offer({ pause: () => (hangs ? new Promise(() => {}) : undefined) })
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.until(() => driver.calls.includes('prepare one'))
  hangs = false
  await node.delete('user')
  await node.until(() => !node.node.has('user'))
  expect(driver.calls).toEqual(['prepare one', 'unprepare one'])
})

test('pods that share a claim do not wait for each other, be it to start or to end', async () => {
  let hangs = true
  const driver = await node.offer({ pause: () => (hangs ? new Promise(() => {}) : undefined) })
  await node.claim('shared', ['first', 'second', 'third'])
  await node.run('first', ['shared'])
  await node.until(() => driver.calls.length === 1)
  await node.run('second', ['shared'])
  await node.until(() => driver.calls.length === 2)
  await node.delete('first')
  await node.until(() => !node.node.has('first'))
  hangs = false
  await node.run('third', ['shared'])
  await node.runs('third')
  expect(driver.calls).toEqual(['prepare shared', 'prepare shared', 'prepare shared'])
  expect(node.devicesOf('third')).toEqual(['example.com/gpu=shared'])
})

test('a pod waits until what another has given back of its claim is undone, and has it prepared again', async () => {
  let release = (): void => {}
  let hangs = false
  const driver = await node.offer({
    pause: () => (hangs ? new Promise((resolve) => (release = resolve)) : undefined),
  })
  await node.claim('one', ['first', 'second'])
  await node.run('first', ['one'])
  await node.runs('first')
  hangs = true
  await node.delete('first')
  await node.until(() => driver.calls.includes('unprepare one'))
  await node.run('second', ['one'])
  await node.node.clock.advance(3000)
  expect(driver.calls).toEqual(['prepare one', 'unprepare one'])
  hangs = false
  release()
  await node.runs('second')
  expect(driver.calls).toEqual(['prepare one', 'unprepare one', 'prepare one'])
})

test('the next agent knows what is prepared: containers get it again, and it is given back in the end', async () => {
  const driver = await node.offer()
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.runs('user')
  await node.restart()
  await node.until(() => driver.told.length > 1)
  const [container] = await node.node.runtime.listContainers()
  node.node.runtime.exitContainer(container?.id ?? '', 1)
  node.configs.length = 0
  await node.until(() => node.configs.length > 0)
  expect(node.devicesOf('user')).toEqual(['example.com/gpu=one'])
  expect(driver.calls).toEqual(['prepare one'])
  await node.delete('user')
  await node.until(() => !node.node.has('user'))
  expect(driver.calls).toEqual(['prepare one', 'unprepare one'])
})

test('claims of pods that went while the agent was away are given back once their driver has registered', async () => {
  const driver = await node.offer()
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.runs('user')
  await node.restart(async () => {
    await driver.stop()
    await node.node.api.delete(pods, { namespace: 'default', name: 'user' }, { gracePeriodSeconds: 0 })
  })
  await driver.start()
  await node.until(() => driver.told.length > 1)
  await node.node.clock.advance(61_000)
  await node.until(() => driver.calls.includes('unprepare one'))
})

test('the API hears at once that a pod without claims was refused', async () => {
  await node.run('user', [])
  await node.runs('user')
  await node.restart(undefined, { maxPods: 0 })
  await node.until(() => node.pod('user').status?.phase === 'Failed')
  expect(node.pod('user').status?.reason).toBe('OutOfpods')
})

test('the API hears that a pod was refused only when its claims are given back', async () => {
  const driver = await node.offer()
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.runs('user')
  await node.restart(() => driver.deregister(), { maxPods: 0 })
  await node.until(() => node.events.some((event) => event.startsWith('Warning OutOfpods')))
  await node.node.clock.advance(90_000)
  expect(node.pod('user').status?.phase).toBe('Running')
  await driver.register()
  await node.until(() => driver.told.length > 1)
  await node.node.clock.advance(61_000)
  await node.until(() => node.pod('user').status?.phase === 'Failed')
  expect(driver.calls).toEqual(['prepare one', 'unprepare one'])
})

test('a claim that was made anew under its name waits until the former one is given back', async () => {
  const driver = await node.offer()
  await node.claim('one', ['first'])
  await node.run('first', ['one'])
  await node.runs('first')
  await node.restart(async () => {
    await driver.stop()
    await node.node.api.delete(pods, { namespace: 'default', name: 'first' }, { gracePeriodSeconds: 0 })
    await node.node.api.delete(resourceclaims, { namespace: 'default', name: 'one' })
  })
  await driver.start()
  await node.until(() => driver.told.length > 1)
  await node.claim('one', ['second'], { uid: 'anew' })
  await node.run('second', ['one'])
  const old = 'old ResourceClaim with same name one and different UID uid-of-one'
  await node.until(() => node.events.includes(`${failed}${old} still exists (previous pod force-deleted?!)`))
  await node.node.clock.advance(75_000)
  await node.runs('second')
  expect(driver.calls).toEqual(['prepare one', 'unprepare one', 'prepare one'])
})

test('drivers are counted by their calls, and claims while they are prepared', async () => {
  await node.offer()
  await node.claim('one', ['user'])
  await node.run('user', ['one'])
  await node.runs('user')
  const told = (): string[] => node.node.kubelet.parts.metrics.text().split('\n')
  const method = '/k8s.io.kubelet.pkg.apis.dra.v1.DRAPlugin/NodePrepareResources'
  const call = `driver_name="${driverName}",grpc_status_code="OK",method_name="${method}"`
  expect(told()).toContain(`dra_grpc_operations_duration_seconds_count{${call}} 1`)
  expect(told()).toContain(
    'dra_operations_duration_seconds_count{is_error="false",operation_name="PrepareResources"} 1',
  )
  expect(told()).toContain('dra_resource_claims_in_use{driver_name="<any>"} 1')
  expect(told()).toContain(`dra_resource_claims_in_use{driver_name="${driverName}"} 1`)
  await node.delete('user')
  await node.until(() => !node.node.has('user'))
  expect(told()).toContain('dra_resource_claims_in_use{driver_name="<any>"} 0')
})
