import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodes, pods } from '#api/core/v1'
import type { Container, PodSpec } from '#api/core/v1'
import type { ContainerConfig } from '#kubelet'
import { TestNode } from '../../../src/kubelet/testing/node.ts'
import { GrpcChannel } from '#grpc'
import { podResources } from '../../../src/kubelet/host/pod-resources/messages.ts'
import { servePodResources } from '../../../src/kubelet/host/pod-resources/server.ts'
import { createPluginRegistry } from '../../../src/kubelet/host/plugins/registry.ts'
import { SamplePlugin, type SampleDevice, type SampleOptions } from './sample-plugin.ts'
import { createDevicePlugins } from '../../../src/kubelet/host/devices/plugins.ts'

const resource = 'example.com/widget'

let folder: string
let node: TestNode
const plugins: SamplePlugin[] = []

/** What the runtime was told to make. */
const configs: ContainerConfig[] = []

function startNode(former?: TestNode): TestNode {
  const plugins = createPluginRegistry(join(folder, 'registry'))
  return new TestNode({ devicePlugins: createDevicePlugins(folder), plugins }, former)
}

beforeEach(async () => {
  configs.length = 0
  folder = await mkdtemp(join(tmpdir(), 'dev-'))
  node = startNode()
  const { runtime } = node
  const create = runtime.createContainer.bind(runtime)
  runtime.createContainer = (sandboxId, config) => {
    configs.push(config)
    return create(sandboxId, config)
  }
})

afterEach(async () => {
  await node.stop()
  await Promise.all(plugins.splice(0).map((plugin) => plugin.stop()))
  await rm(folder, { recursive: true })
})

/** Sockets take their time, which is not the node's. */
async function until(wanted: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    await node.settle()
    if (await wanted()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it does not happen')
}

const devices = (...ids: readonly string[]): SampleDevice[] => ids.map((id) => ({ id }))

const isListening = async (): Promise<boolean> => (await readdir(folder)).includes('kubelet.sock')

async function offer(options: Partial<SampleOptions> = {}): Promise<SamplePlugin> {
  const plugin = new SamplePlugin({ folder, resource, devices: devices('a', 'b', 'c'), ...options })
  plugins.push(plugin)
  await until(isListening)
  await plugin.start()
  await plugin.register()
  await until(async () => (await amounts()).allocatable !== undefined)
  return plugin
}

async function amounts(): Promise<{ readonly capacity: string | undefined; readonly allocatable: string | undefined }> {
  const { status } = await node.api.get(nodes, { name: 'node-1' })
  return { capacity: status?.capacity?.[resource], allocatable: status?.allocatable?.[resource] }
}

const container = (name: string, count: number): Container => {
  const amount = { [resource]: String(count) }
  return { name, image: 'app:1', resources: { requests: amount, limits: amount } }
}

async function run(name: string, count: number, more: Partial<PodSpec> = {}): Promise<string> {
  await node.run(name, { containers: [container('app', count)], terminationGracePeriodSeconds: 0, ...more })
  await until(() => ['Running', 'Failed'].includes(node.pod(name).status?.phase ?? ''))
  return node.pod(name).status?.phase ?? ''
}

const created = (pod: string, name = 'app'): ContainerConfig | undefined =>
  configs.find(({ labels, metadata }) => {
    return labels['io.kubernetes.pod.name'] === pod && metadata.name === name
  })

const grant: NonNullable<SampleOptions['grant']> = (ids) => ({
  envs: { WIDGETS: ids.join(',') },
  mounts: [{ containerPath: '/widgets', hostPath: '/opt/widgets', readOnly: true }],
  devices: ids.map((id) => ({ containerPath: `/dev/${id}`, hostPath: `/dev/widget-${id}`, permissions: 'rw' })),
  annotations: { 'example.com/widgets': ids.join(',') },
  cdiDevices: ids.map((id) => ({ name: `example.com/widget=${id}` })),
})

test('a pod gets devices of a plugin, with all that the plugin grants', async () => {
  await offer({ grant })
  expect(await amounts()).toEqual({ capacity: '3', allocatable: '3' })
  expect(await run('user', 2)).toBe('Running')
  const config = created('user')
  expect(config?.envs).toContainEqual({ key: 'WIDGETS', value: 'a,b' })
  expect(config?.mounts).toContainEqual({ containerPath: '/widgets', hostPath: '/opt/widgets', readonly: true })
  expect(config?.devices).toEqual([
    { containerPath: '/dev/a', hostPath: '/dev/widget-a', permissions: 'rw' },
    { containerPath: '/dev/b', hostPath: '/dev/widget-b', permissions: 'rw' },
  ])
  expect(config?.annotations['example.com/widgets']).toBe('a,b')
  expect(config?.cdiDevices).toEqual([{ name: 'example.com/widget=a' }, { name: 'example.com/widget=b' }])
  expect(node.pod('user').status?.containerStatuses?.[0]?.allocatedResourcesStatus).toEqual([
    {
      name: resource,
      resources: [
        { resourceID: 'a', health: 'Healthy' },
        { resourceID: 'b', health: 'Healthy' },
      ],
    },
  ])
})

test('no device is two pods’, and those of pods that are gone are free', async () => {
  await offer({ grant })
  await run('first', 2)
  expect(await run('second', 2)).toBe('Failed')
  expect(node.pod('second').status).toMatchObject({
    reason: 'UnexpectedAdmissionError',
    message:
      'Pod was rejected: Allocate failed due to requested number of devices unavailable for example.com/widget. ' +
      'Requested: 2, Available: 1, which is unexpected',
  })
  await node.api.delete(pods, { namespace: 'default', name: 'first' })
  await until(() => !node.has('first'))
  expect(await run('third', 3)).toBe('Running')
})

test('init containers’ devices are used again; the plugin says which it prefers and hears before each start', async () => {
  const heard: string[] = []
  await offer({
    grant,
    prefer: (available, size) => [...available].reverse().slice(0, size),
    preStart: (ids) => heard.push(ids.join(',')),
  })
  await node.run('pod', {
    initContainers: [container('init', 2)],
    containers: [container('app', 2), container('other', 1)],
  })
  await until(() => created('pod', 'init') !== undefined)
  expect(heard).toEqual(['c,b'])
  for (const { id } of await node.runtime.listContainers()) node.runtime.exitContainer(id, 0)
  await until(() => created('pod', 'other') !== undefined)
  expect(created('pod', 'app')?.envs).toContainEqual({ key: 'WIDGETS', value: 'b,c' })
  expect(created('pod', 'other')?.envs).toContainEqual({ key: 'WIDGETS', value: 'a' })
  expect(heard).toEqual(['c,b', 'b,c', 'a'])
})

test('devices that break are no longer allocatable, and the status of their pod says so', async () => {
  const plugin = await offer()
  await run('user', 1)
  plugin.set([{ id: 'a', health: 'Unhealthy' }, { id: 'b' }, { id: 'c' }])
  await until(async () => (await amounts()).allocatable === '2')
  expect((await amounts()).capacity).toBe('3')
  const health = (): string | undefined =>
    node.pod('user').status?.containerStatuses?.[0]?.allocatedResourcesStatus?.[0]?.resources?.[0]?.health
  await until(() => health() === 'Unhealthy')
  expect(node.pod('user').status?.phase).toBe('Running')
})

test('a plugin that goes leaves nothing allocatable, comes back, or is forgotten after five minutes', async () => {
  const plugin = await offer()
  await plugin.stop()
  await until(async () => (await amounts()).allocatable === '0')
  expect((await amounts()).capacity).toBe('3')
  await plugin.start()
  await plugin.register()
  await until(async () => (await amounts()).allocatable === '3')
  await plugin.stop()
  await until(async () => (await amounts()).allocatable === '0')
  await node.clock.advance(6 * 60_000)
  await until(async () => (await amounts()).capacity === '0')
})

test('the next agent keeps what containers have, and plugins register with it anew', async () => {
  const plugin = await offer({ grant })
  await run('user', 2)
  await node.stop()
  await plugin.stop()
  node = startNode(node)
  await until(async () => (await amounts()).allocatable === '0')
  await until(isListening)
  expect(node.pod('user').status?.phase).toBe('Running')
  await plugin.start()
  await plugin.register()
  await until(async () => (await amounts()).allocatable === '3')
  expect(await run('next', 2)).toBe('Failed')
  expect(await run('last', 1)).toBe('Running')
  expect(created('last')?.envs).toContainEqual({ key: 'WIDGETS', value: 'c' })
})

test('a plugin of another version, or for what is Kubernetes’ own, is told so', async () => {
  const plugin = await offer()
  await expect(plugin.register('v1alpha1')).rejects.toThrow(
    'requested API version "v1alpha1" is not supported by kubelet. Supported version is ["v1beta1"]',
  )
  const own = new SamplePlugin({ folder, resource: 'kubernetes.io/widget', devices: [] })
  plugins.push(own)
  await own.start()
  await expect(own.register()).rejects.toThrow('the ResourceName "kubernetes.io/widget" is invalid')
})

test('a plugin is found by its socket in the folder of plugins, told how that went, and missed when it goes', async () => {
  await until(isListening)
  const registry = join(folder, 'registry')
  await until(async () => (await readdir(folder)).includes('registry'))
  const plugin = new SamplePlugin({ folder: registry, resource, devices: devices('a', 'b') })
  const other = new SamplePlugin({ folder: registry, resource: 'example.com/old', devices: [], versions: ['v1alpha1'] })
  plugins.push(plugin, other)
  await plugin.start()
  await until(async () => (await amounts()).allocatable === '2')
  await until(() => plugin.told.length > 0)
  expect(plugin.told).toEqual([{ pluginRegistered: true, error: '' }])
  await other.start()
  await until(() => other.told.length > 0)
  const why = 'manager version, v1beta1, is not among plugin supported versions [v1alpha1]'
  expect(other.told[0]).toEqual({
    pluginRegistered: false,
    error: `RegisterPlugin error -- plugin validation failed with err: ${why}`,
  })
  await plugin.stop()
  await until(async () => (await amounts()).allocatable === '0')
  await plugin.start()
  await until(async () => (await amounts()).allocatable === '2')
})

test('monitors are told which devices containers have', async () => {
  await offer({ devices: [{ id: 'a', numaNode: 1 }, { id: 'b' }, { id: 'c', health: 'Unhealthy' }] })
  await run('user', 2)
  await run('idle', 0)
  const server = await servePodResources(join(folder, 'pr.sock'), node.kubelet)
  const channel = new GrpcChannel(`unix://${join(folder, 'pr.sock')}`)
  const used = [
    { resourceName: resource, deviceIds: ['a'], topology: { nodes: [{ id: 1 }] } },
    { resourceName: resource, deviceIds: ['b'], topology: undefined },
  ]
  const user = {
    name: 'user',
    namespace: 'default',
    containers: [{ name: 'app', devices: used, cpuIds: [], memory: [], dynamicResources: [] }],
  }
  const idle = {
    name: 'idle',
    namespace: 'default',
    containers: [{ name: 'app', devices: [], cpuIds: [], memory: [], dynamicResources: [] }],
  }
  expect(await channel.unary(podResources.list, {})).toEqual({ podResources: [user, idle] })
  expect(await channel.unary(podResources.allocatable, {})).toEqual({ devices: used, cpuIds: [], memory: [] })
  const ask = (podName: string): Promise<unknown> =>
    channel.unary(podResources.get, { podName, podNamespace: 'default' })
  expect(await ask('user')).toEqual({ podResources: user })
  await expect(ask('nobody')).rejects.toThrow('desc = pod nobody in namespace default not found')
  const told = node.kubelet.parts.metrics.text().split('\n')
  expect(told).toContain('kubelet_pod_resources_endpoint_requests_total{server_api_version="v1"} 4')
  expect(told).toContain('kubelet_pod_resources_endpoint_requests_get{server_api_version="v1"} 2')
  expect(told).toContain('kubelet_pod_resources_endpoint_errors_get{server_api_version="v1"} 1')
  expect(told).toContain(`kubelet_device_plugin_registration_total{resource_name="${resource}"} 1`)
  expect(told).toContain(`kubelet_device_plugin_alloc_duration_seconds_count{resource_name="${resource}"} 1`)
  channel.close()
  await server.close()
})
