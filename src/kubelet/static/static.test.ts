import { basename, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Manifest } from '../seams/manifests.ts'
import { TestNode, type TestNodeOptions } from '../testing/node.ts'
import { containersNeeded, staticPod } from './static-pod.ts'

const manifest = (image: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'kube-system' },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image, ports: [{ containerPort: 80 }] }] },
})

async function rig(runtime: NonNullable<TestNodeOptions['runtime']> = {}) {
  const files = new Map<string, Manifest>()
  let changed = (_moved?: string): void => {}
  /** The next number of logs, by folder of a container. */
  const logs = new Map<string, number>()
  const node = new TestNode({
    runtime,
    config: { staticPodPath: '/manifests' },
    manifests: {
      read: () => Promise.resolve(new Map(files)),
      watch: (_, hear) => {
        changed = hear
        return () => {}
      },
    },
    files: {
      linkLog: (log) => Promise.resolve(void logs.set(dirname(log), parseInt(basename(log), 10) + 1)),
      nextRestartByLogs: (folder) => Promise.resolve(logs.get(folder) ?? 0),
      removeLog: (log) => {
        for (const each of logs.keys()) if (each.endsWith(`/${dirname(log)}`)) logs.delete(each)
        return Promise.resolve()
      },
      removeLogs: (folder) => {
        for (const each of logs.keys()) if (each.startsWith(folder)) logs.delete(each)
        return Promise.resolve()
      },
      podsWithLogs: () =>
        Promise.resolve([...logs.keys()].map(dirname).map((folder) => ({ uid: folder.split('_')[2] ?? '', folder }))),
    },
  })
  await node.settle()
  const write = async (file: string, content: Manifest | undefined): Promise<void> => {
    if (content) files.set(file, content)
    else files.delete(file)
    changed()
    for (let i = 0; i < 5; i++) {
      await node.clock.advance(500)
      await node.settle()
    }
  }
  /** The system tells that a file came or went, so often, of which all is over when the folder is read. */
  const move = async (file: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) changed(file)
    for (let i = 0; i < 10; i++) {
      await node.clock.advance(500)
      await node.settle()
    }
  }
  const mirror = (): Pod | undefined => node.api.peek(pods, { namespace: 'kube-system', name: 'web-node-1' })
  const images = async (): Promise<readonly string[]> =>
    (await node.runtime.listContainers()).filter(({ state }) => state === 'running').map(({ image }) => image.image)
  return { node, write, move, mirror, images, logs }
}

test('a manifest becomes a pod that the API shows with its status, and goes when the file goes', async () => {
  const { node, write, mirror, images } = await rig()
  await write('/manifests/web.yaml', { object: manifest('app:1') })
  expect(await images()).toEqual(['app:1'])
  const image = mirror()
  expect(image?.metadata.annotations).toMatchObject({
    'kubernetes.io/config.source': 'file',
    'kubernetes.io/config.mirror': image?.metadata.annotations?.['kubernetes.io/config.hash'],
  })
  expect(image?.metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'node-1', controller: true }])
  expect(image?.status).toMatchObject({ phase: 'Running', containerStatuses: [{ name: 'app', ready: true }] })
  expect(image?.spec.containers[0]?.ports).toEqual([{ containerPort: 80, protocol: 'TCP' }])
  await write('/manifests/web.yaml', undefined)
  expect(await images()).toEqual([])
  expect(mirror()).toBeUndefined()
  await node.stop()
})

test('a manifest that changes replaces its pod, one that breaks leaves it until the next look at the folder', async () => {
  const { node, write, mirror, images } = await rig()
  await write('/manifests/web.yaml', { object: manifest('app:1') })
  const before = mirror()?.metadata.uid
  const broken = { error: 'unexpected end' }
  await write('/manifests/web.yaml', broken)
  expect(await images()).toEqual(['app:1'])
  await write('/manifests/web.yaml', { object: manifest('app:2') })
  expect(await images()).toEqual(['app:2'])
  expect(mirror()?.metadata.uid).not.toBe(before)
  expect(mirror()?.spec.containers[0]?.image).toBe('app:2')
  expect(mirror()?.status?.phase).toBe('Running')
  await write('/manifests/web.yaml', broken)
  await node.clock.advance(20_000)
  await node.settle()
  expect(await images()).toEqual([])
  expect(mirror()).toBeUndefined()
  await write('/manifests/web.yaml', { object: manifest('app:2') })
  expect(await images()).toEqual(['app:2'])
  await node.stop()
})

test('one manifest alone, in no folder, keeps its pod while it is broken', async () => {
  const { node, write, images } = await rig()
  await write('/manifests', { object: manifest('app:1') })
  await write('/manifests', { error: 'unexpected end' })
  await node.clock.advance(60_000)
  expect(await images()).toEqual(['app:1'])
  await node.stop()
})

test.each([
  ['goes', undefined, undefined],
  ['changes', { object: manifest('app:2') }, 'app:2'],
])('the image of a pod whose manifest %s stays until the pod has ended', async (_, next, image) => {
  const stopsSlowly = { container: () => ({ stopsAfterMs: 60_000 }) }
  const { node, write, mirror, images } = await rig({ behaviour: () => stopsSlowly })
  const slow = manifest('app:1') as { readonly spec: object }
  await write('/manifests/web.yaml', { object: { ...slow, spec: { ...slow.spec, terminationGracePeriodSeconds: 20 } } })
  const before = mirror()
  await write('/manifests/web.yaml', next)
  const other = { ...manifest('other:1'), metadata: { name: 'other', namespace: 'kube-system' } }
  await write('/manifests/other.yaml', { object: other })
  expect(mirror()?.metadata.uid).toBe(before?.metadata.uid)
  expect(mirror()?.status?.phase).toBe('Running')
  // Another version that comes meanwhile waits, too.
  if (next) await write('/manifests/web.yaml', { object: manifest('app:3') })
  if (next) await write('/manifests/web.yaml', next)
  expect(await images()).toEqual(['app:1', 'other:1'])
  for (let i = 0; i < 40; i++) {
    await node.clock.advance(500)
    await node.settle()
  }
  expect(mirror()?.spec.containers[0]?.image).toBe(image)
  expect(await images()).toEqual(image === undefined ? ['other:1'] : ['other:1', image])
  await node.stop()
})

test('a manifest that went and came back between two looks has its pod begin anew, one that was put in its place does not', async () => {
  const { node, write, move, mirror, images, logs } = await rig()
  const file = '/manifests/web.yaml'
  await write(file, { object: manifest('app:1') })
  const [before] = await node.runtime.listContainers()
  await move(file, 1)
  expect((await node.runtime.listContainers())[0]?.id).toBe(before?.id)
  await move(file, 2)
  const running = (await node.runtime.listContainers()).filter(({ state }) => state === 'running')
  expect(running.map(({ id }) => id)).not.toContain(before?.id)
  expect(await images()).toEqual(['app:1'])
  expect(mirror()?.status).toMatchObject({ phase: 'Running', containerStatuses: [{ restartCount: 1 }] })
  await write(file, undefined)
  await node.clock.advance(120_000)
  expect([...logs.keys()]).toEqual([])
  await node.stop()
})

test('a manifest that comes back while its pod ends begins anew once that is gone', async () => {
  const { node, write, images, mirror } = await rig({
    behaviour: () => ({ container: () => ({ stopsAfterMs: 10_000 }) }),
  })
  const file = '/manifests/web.yaml'
  const long = manifest('app:1') as { spec: object }
  const object = { ...long, spec: { ...long.spec, terminationGracePeriodSeconds: 30 } }
  const restarted = (): string | undefined =>
    /^kubelet_restarted_pods_total\{static="true"\} (\d+)$/m.exec(node.kubelet.parts.metrics.text())?.[1]
  await write(file, { object })
  const uid = mirror()?.metadata.annotations?.['kubernetes.io/config.hash']
  expect(restarted()).toBe('0')
  await write(file, undefined)
  await write(file, { object })
  // It is ending still.
  expect(await node.runtime.listContainers()).toHaveLength(1)
  await node.clock.advance(15_000)
  await node.settle()
  expect(await images()).toEqual(['app:1'])
  expect(mirror()?.metadata.annotations?.['kubernetes.io/config.hash']).toBe(uid)
  expect(mirror()?.status?.phase).toBe('Running')
  expect(restarted()).toBe('1')
  await write(file, undefined)
  await write(file, { object })
  await write(file, undefined)
  await node.clock.advance(15_000)
  expect(await images()).toEqual([])
  await node.stop()
})

test('an image that somebody deletes comes back, the pod goes on', async () => {
  const { node, write, mirror, images } = await rig()
  await write('/manifests/web.yaml', { object: manifest('app:1') })
  const [container] = await node.runtime.listContainers()
  await node.api.delete(pods, { namespace: 'kube-system', name: 'web-node-1' }, { gracePeriodSeconds: 0 })
  await node.settle()
  expect(mirror()?.status?.phase).toBe('Running')
  expect(await images()).toEqual(['app:1'])
  expect((await node.runtime.listContainers())[0]?.id).toBe(container?.id)
  await node.stop()
})

test('the next agent finds the pod running and leaves it', async () => {
  const { node, write } = await rig()
  await write('/manifests/web.yaml', { object: manifest('app:1') })
  const [container] = await node.runtime.listContainers()
  await node.stop()
  const next = new TestNode(
    {
      config: { staticPodPath: '/manifests' },
      manifests: {
        read: () => Promise.resolve(new Map([['/manifests/web.yaml', { object: manifest('app:1') }]])),
        watch: () => () => {},
      },
    },
    node,
  )
  await next.settle()
  await next.clock.advance(5000)
  await next.settle()
  expect((await next.runtime.listContainers()).map(({ id }) => id)).toEqual([container?.id])
  await next.stop()
})

/** An agent with one manifest, after another one. */
function successor(before: TestNode, object: object, config: object = { staticPodPath: '/manifests' }): TestNode {
  const manifests = {
    read: () => Promise.resolve(new Map([['/manifests/web.yaml', { object }]])),
    watch: () => () => {},
  }
  return new TestNode({ config, manifests }, before)
}

test('a pod that is ready stays so when another agent takes it up', async () => {
  const { node, write, mirror } = await rig()
  const { metadata, ...rest } = manifest('app:1') as { readonly metadata: object }
  const containers = [
    { name: 'app', image: 'app:1', readinessProbe: { exec: { command: ['true'] }, initialDelaySeconds: 1 } },
  ]
  const probed = { ...rest, metadata, spec: { terminationGracePeriodSeconds: 1, containers } }
  await write('/manifests/web.yaml', { object: probed })
  for (let i = 0; i < 30; i++) await node.clock.advance(1000)
  const isReady = (): unknown => mirror()?.status?.conditions?.find(({ type }) => type === 'Ready')?.status
  expect(isReady()).toBe('True')
  await node.stop()
  await node.clock.advance(60_000)
  node.api.statusPatches.length = 0
  const next = successor(node, probed)
  for (let i = 0; i < 30; i++) await next.clock.advance(1000)
  expect(isReady()).toBe('True')
  expect(JSON.stringify(next.api.statusPatches)).not.toContain('"ready":false')
  await next.stop()
})

test('mirror pods go that are of no manifest, even where there are no manifests any more', async () => {
  const { node, write, mirror, images } = await rig()
  await write('/manifests/web.yaml', { object: manifest('app:1') })
  await node.stop()
  expect(mirror()).toBeDefined()
  const next = successor(node, {}, {})
  for (let i = 0; i < 10; i++) await next.clock.advance(1000)
  expect(mirror()).toBeUndefined()
  expect(await images()).toEqual([])
  await next.stop()
})

test('a manifest that says who its pod is changes it without another identity', async () => {
  const { node, write, mirror, images } = await rig()
  const named = (image: string): object => {
    const { metadata, ...rest } = manifest(image) as { readonly metadata: object }
    return { ...rest, metadata: { ...metadata, uid: 'given' } }
  }
  await write('/manifests/web.yaml', { object: named('app:1') })
  const before = mirror()
  expect(before?.metadata.annotations?.['kubernetes.io/config.hash']).toBe('given')
  expect(node.kubelet.workers.worker('given')?.pod.metadata.name).toBe('web-node-1')
  await write('/manifests/web.yaml', { object: named('app:2') })
  expect(await images()).toEqual(['app:2'])
  expect(mirror()?.metadata.uid).toBe(before?.metadata.uid)
  await write('/manifests/web.yaml', undefined)
  expect(mirror()).toBeUndefined()
  await write('/manifests/web.yaml', { object: named('app:3') })
  expect(await images()).toEqual(['app:3'])
  await node.stop()
})

test('of two manifests with the same name the first is taken, the other is told of once', async () => {
  const { node, write, images } = await rig()
  await write('/manifests/a.yaml', { object: manifest('app:1') })
  await write('/manifests/b.yaml', { object: manifest('app:2') })
  await node.clock.advance(60_000)
  expect(await images()).toEqual(['app:1'])
  expect(node.events.filter((event) => event.includes('FailedValidation'))).toEqual([
    expect.stringMatching(
      /^Warning FailedValidation Error validating pod web-node-1_kube-system\([\da-f]{32}\) from file due to duplicate pod name "web-node-1", ignoring$/,
    ),
  ])
  await write('/manifests/a.yaml', undefined)
  expect(await images()).toEqual(['app:2'])
  await node.stop()
})

const read = (object: unknown, nodeName = 'node-1'): Promise<Pod> =>
  staticPod(object, { source: 'file', place: '/m/web.yaml', nodeName, now: 0, validate: containersNeeded })

test.each([
  [{ kind: 'Service', apiVersion: 'v1' }, 'it holds v1 Service, want v1 Pod'],
  [undefined, 'it holds undefined undefined, want v1 Pod'],
  [
    { kind: 'Pod', apiVersion: 'v1', metadata: {}, spec: { containers: [{}] } },
    'invalid pod: name is needed for the pod',
  ],
  [
    { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a' }, spec: {} },
    'invalid pod: [spec.containers: Required value]',
  ],
  [{ ...manifest('a'), spec: { containers: [{ name: false }] } }, 'cannot unmarshal'],
])('staticPod() refuses %j: %s', async (object, text) => {
  await expect(read(object)).rejects.toThrow(text)
})

test('staticPod() passes over fields that it does not know', async () => {
  const { spec } = await read({ ...manifest('a'), spec: { containers: [{ name: 'a', image: 'a' }], odd: 1 } })
  expect(spec).not.toHaveProperty('odd')
  expect(spec.containers).toHaveLength(1)
})

test('staticPod() names a pod after its node, which it outlives all ailments of', async () => {
  const tolerations = [{ operator: 'Exists', effect: 'NoExecute' }]
  expect((await read(manifest('a'), 'Node-1')).metadata.name).toBe('web-node-1')
  expect((await read(manifest('a'))).spec.tolerations).toEqual(tolerations)
  const spec = { containers: [{ name: 'a', image: 'a' }], tolerations }
  expect((await read({ ...manifest('a'), spec })).spec.tolerations).toEqual(tolerations)
})

test('a pod that the API refuses to show keeps none of the others from being shown', async () => {
  const { node, write } = await rig()
  const create = node.api.create.bind(node.api)
  let refuses = true
  node.api.create = (resource, object) =>
    refuses && object.metadata.name === 'bad-node-1' ? Promise.reject(new Error('forbidden')) : create(resource, object)
  const shown = (): string[] => ['bad', 'web'].filter((name) => node.has(`${name}-node-1`))
  const named = (name: string): object => ({ ...manifest('app:1'), metadata: { name } })
  await write('/manifests/bad.yaml', { object: named('bad') })
  await write('/manifests/web.yaml', { object: named('web') })
  expect(shown()).toEqual(['web'])
  refuses = false
  await node.clock.advance(6000)
  await node.settle()
  expect(shown()).toEqual(['bad', 'web'])
  await node.stop()
})

test('a manifest may name nothing that only the API has, and gets the defaults that the API gives', async () => {
  const spec = (more: object): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'app', image: 'app', resources: { limits: { cpu: '1' } }, ...more }] },
  })
  const envFrom = [{ configMapRef: { name: 'settings' } }]
  await expect(read(spec({ envFrom }))).rejects.toThrow('static pods may not reference configmaps')
  expect((await read(spec({}))).spec).toMatchObject({
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        imagePullPolicy: 'Always',
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        resources: { requests: { cpu: '1' } },
      },
    ],
  })
})
