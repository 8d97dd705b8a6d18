import { expect, test } from 'vitest'
import { nodes, pods } from '#api/core/v1'
import { TestNode } from './testing/node.ts'

test('a pod without probes is Running and Ready as soon as its container runs', async () => {
  const node = new TestNode()
  const pod = await node.run('web', { containers: [{ name: 'app', image: 'nginx:1.20.1' }] })
  expect(pod.status).toMatchObject({
    phase: 'Running',
    hostIP: '192.168.0.1',
    podIP: '10.0.0.3',
    containerStatuses: [
      { name: 'app', ready: true, started: true, restartCount: 0, image: 'nginx:1.20.1', lastState: {} },
    ],
  })
  const conditions = pod.status?.conditions?.map(({ type, status }) => `${type}=${status}`)
  expect(conditions?.sort()).toEqual([
    'ContainersReady=True',
    'Initialized=True',
    'PodReadyToStartContainers=True',
    'PodScheduled=True',
    'Ready=True',
  ])
  expect(node.events.filter((event) => event.includes('spec.containers'))).toEqual([
    'Normal Pulled spec.containers{app} Container image "nginx:1.20.1" already present on machine and can be accessed by the pod',
    'Normal Created spec.containers{app} Container created',
    'Normal Started spec.containers{app} Container started',
  ])
  await node.stop()
})

test('a deleted pod is stopped, told to have ended, and then removed', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ container: () => ({ stopsAfterMs: 5000 }) }) } })
  await node.run('web', {})
  await node.api.delete(pods, { namespace: 'default', name: 'web' })
  await node.settle()
  expect(node.pod('web').status?.phase).toBe('Running')
  await node.clock.advance(5000)
  await node.settle()
  expect(node.has('web')).toBe(false)
  expect(await node.runtime.listContainers()).toEqual([])
  expect(await node.runtime.listPodSandboxes()).toEqual([])
  await node.stop()
})

test('containers start one after the other behind a sidecar, and it ends with the last of them', async () => {
  const node = new TestNode({
    runtime: {
      behaviour: () => ({
        container: (name) => (name === 'sidecar' ? {} : { runsForMs: 1000, exitCode: name === 'app' ? 3 : 0 }),
      }),
    },
  })
  const image = 'app:1'
  await node.run('web', {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 1,
    initContainers: [
      { name: 'first', image },
      { name: 'sidecar', image, restartPolicy: 'Always' },
      { name: 'second', image },
    ],
  })
  const states = (): readonly string[] => {
    const { initContainerStatuses = [], containerStatuses = [] } = node.pod('web').status ?? {}
    return [...initContainerStatuses, ...containerStatuses].map(
      ({ name, state = {} }) => `${name} ${Object.keys(state)[0]}`,
    )
  }
  const after = async (ms: number): Promise<readonly string[]> => {
    await node.clock.advance(ms)
    await node.settle()
    return states()
  }
  expect(states()).toEqual(['first running', 'sidecar waiting', 'second waiting', 'app waiting'])
  expect(await after(1000)).toEqual(['first terminated', 'sidecar running', 'second running', 'app waiting'])
  expect(await after(1000)).toEqual(['first terminated', 'sidecar running', 'second terminated', 'app running'])
  expect(await after(1000)).toEqual(['first terminated', 'sidecar terminated', 'second terminated', 'app terminated'])
  expect(node.pod('web').status?.phase).toBe('Failed')
  await node.api.delete(pods, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 1 })
  await node.settle()
  expect(node.has('web')).toBe(false)
  await node.stop()
})

test('containers that end as soon as they start hold up nobody', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ container: () => ({ runsForMs: 0 }) }) } })
  const image = 'app:1'
  await node.run('web', {
    restartPolicy: 'Never',
    initContainers: [
      { name: 'first', image },
      { name: 'second', image },
    ],
  })
  await node.clock.advance(100)
  await node.settle()
  expect(node.pod('web').status?.phase).toBe('Succeeded')
  await node.stop()
})

test('a pod that is past its deadline ends, and people are told once', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ container: () => ({ stoppedWith: 0 }) }) } })
  await node.run('web', { activeDeadlineSeconds: 60, terminationGracePeriodSeconds: 1 })
  await node.clock.advance(61_000)
  const message = 'Pod was active on the node longer than the specified deadline'
  expect(node.pod('web').status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded', message })
  expect(node.events.filter((event) => event.includes('Deadline'))).toEqual([`Normal DeadlineExceeded ${message}`])
  await node.stop()
})

test('pods of the API say so on the node, whatever who made them wrote, and since when they are known', async () => {
  const node = new TestNode()
  const since = node.clock.now()
  const annotations = { 'kubernetes.io/config.source': 'file', team: 'a' }
  const { metadata } = await node.run('web', {}, { uid: 'u1', annotations })
  expect(metadata.annotations).toEqual(annotations)
  const [held] = node.kubelet.workers.pods()
  const seen = held?.metadata.annotations?.['kubernetes.io/config.seen'] ?? ''
  expect(Date.parse(seen) - since).toBeLessThan(1000)
  const local = { team: 'a', 'kubernetes.io/config.source': 'api', 'kubernetes.io/config.seen': seen }
  expect(held?.metadata.annotations).toEqual(local)
  await node.clock.advance(60_000)
  await node.api.update(pods, { ...node.pod('web'), metadata: { ...node.pod('web').metadata, labels: { a: 'b' } } })
  await node.settle()
  expect(node.kubelet.workers.get('u1')?.metadata).toMatchObject({ labels: { a: 'b' }, annotations: local })
  await node.stop()
})

test("a pod in the node's network has the node's address from the start", async () => {
  const node = new TestNode()
  const create = node.runtime.createContainer.bind(node.runtime)
  const told: unknown[] = []
  node.runtime.createContainer = (sandbox, config) => {
    told.push(...config.envs.filter(({ key }) => key === 'IP'))
    return create(sandbox, config)
  }
  const env = [{ name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } }]
  const pod = await node.run('web', { hostNetwork: true, containers: [{ name: 'app', image: 'app:1', env }] })
  expect(told).toEqual([{ key: 'IP', value: pod.status?.hostIP }])
  await node.stop()
})

test('people are told why a sandbox can not even be asked for', async () => {
  const node = new TestNode()
  const names = { hostname: 'h'.repeat(40), subdomain: 's'.repeat(40), setHostnameAsFQDN: true }
  expect((await node.run('web', names)).status?.phase).toBe('Pending')
  expect(node.events.find((event) => event.includes('FailedCreatePodSandBox'))).toMatch(
    /^Warning FailedCreatePodSandBox Failed to create pod sandbox: failed to construct FQDN .* is too long \(64 characters is the max, 107 characters requested\)$/,
  )
  await node.stop()
})

test('of a pod that runs its status tells what its cgroup holds it to, before that all that it asks for', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ startMs: 5000 }) } })
  const resources = { requests: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' }, limits: { memory: '1Gi' } }
  const containers = [
    { name: 'app', image: 'app:1', resources },
    { name: 'other', image: 'app:1' },
  ]
  const waiting = await node.run('web', { containers })
  expect(waiting.status?.resources).toEqual(resources)
  await node.clock.advance(11_000)
  await node.settle()
  await node.clock.advance(70_000)
  expect(node.pod('web').status).toMatchObject({
    phase: 'Running',
    resources: { requests: { cpu: '1', memory: '1Gi' } },
  })
  expect(node.pod('web').status?.resources?.limits).toBeUndefined()
  await node.stop()
})

test('what pods have can be told before the API has answered', async () => {
  const node = new TestNode()
  node.api.create = () => Promise.reject(new Error('nobody answers'))
  await node.kubelet.loaded
  expect(node.kubelet.parts.managers.memory.allocatable()).toEqual([])
  expect(node.api.peek(nodes, { namespace: '', name: 'node-1' })).toBeUndefined()
  await node.stop()
})

test.each([
  [{}, 'Normal Pulling spec.containers{app} Pulling image "app:1"'],
  [
    { KubeletEnsureSecretPulledImages: false },
    'Normal Pulled spec.containers{app} Container image "app:1" already present',
  ],
])('whether credentials are asked for of images that are there is up to the gate: %o', async (featureGates, event) => {
  const node = new TestNode({ config: { imagePullCredentialsVerificationPolicy: 'AlwaysVerify', featureGates } })
  await node.run('web', { containers: [{ name: 'app', image: 'app:1', imagePullPolicy: 'IfNotPresent' }] })
  expect(node.events.find((each) => each.includes('Pull'))).toContain(event)
  await node.stop()
})
