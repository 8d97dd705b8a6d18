import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { pods } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { simulatedHost } from '../simulated/host.ts'
import { kubeletMetrics } from '../stats/kubelet-metrics.ts'
import { TestNode } from '../testing/node.ts'

const lines = (node: TestNode): readonly string[] => node.kubelet.parts.metrics.text().split('\n')

test('starts of pods are counted and timed: rounds of work, sandboxes, containers and what became of them', async () => {
  const node = new TestNode({ runtime: { missingImages: new Map([['gone:1', 'not found']]) } })
  const creationTimestamp = timeOfMillis(node.clock.now() - 3000)
  const sidecar = { name: 'first', image: 'app:1', restartPolicy: 'Always' }
  await node.run('web', { initContainers: [sidecar] }, { creationTimestamp })
  await node.run('lame', { containers: [{ name: 'app', image: 'gone:1' }] }, { creationTimestamp })
  await node.clock.advance(500)
  const text = lines(node)
  expect(text).toContain('kubelet_started_pods_total 2')
  expect(text).toContain('kubelet_started_pods_errors_total 0')
  expect(text).toContain('kubelet_started_user_namespaced_pods_total 0')
  expect(text).toContain('kubelet_started_containers_total{container_type="init_container"} 1')
  expect(text).toContain('kubelet_started_containers_errors_total{code="ErrImagePull",container_type="container"} 1')
  expect(text).toContain('kubelet_pod_worker_start_duration_seconds_count 2')
  expect(text).toContain('kubelet_containers_per_pod_count_bucket{le="1"} 2')
  expect(text).toContain('kubelet_pod_worker_duration_seconds_count{operation_type="create"} 2')
  expect(text).toContain('kubelet_pod_start_duration_seconds_count 1')
  expect(text).toContain('kubelet_pod_start_sli_duration_seconds_bucket{le="2"} 0')
  expect(text).toContain('kubelet_pod_start_sli_duration_seconds_bucket{le="4"} 1')
  expect(text).toContain('kubelet_pod_start_total_duration_seconds_count 1')
  expect(text.some((line) => line.startsWith('kubelet_pod_status_sync_duration_seconds_count'))).toBe(true)
  await node.stop()
})

test('the time that an image takes to come is no part of what a pod takes to start', async () => {
  const node = new TestNode({ runtime: { pullMs: 20_000 } })
  const creationTimestamp = timeOfMillis(node.clock.now())
  const containers = [{ name: 'app', image: 'app:1', imagePullPolicy: 'Always' as const }]
  await node.run('web', { containers }, { creationTimestamp })
  await node.clock.advance(25_000)
  const text = lines(node)
  expect(text).toContain('kubelet_pod_start_sli_duration_seconds_bucket{le="2"} 1')
  expect(text).toContain('kubelet_pod_start_total_duration_seconds_bucket{le="10"} 0')
  expect(text).toContain('kubelet_pod_start_total_duration_seconds_count 1')
  expect(text.some((line) => /^kubelet_image_pull_duration_seconds_bucket\{.*le="20"\} 1$/.test(line))).toBe(true)
  await node.stop()
})

test('ends of containers and of pods are counted, and cgroups and lists of the runtime are timed', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ container: () => ({ runsForMs: 1000, exitCode: 3 }) }) } })
  await node.run('job', { restartPolicy: 'Never' })
  await node.clock.advance(40_000)
  const text = lines(node)
  expect(text).toContain(
    'kubelet_terminated_containers_total{container_type="container",exit_code="3",reason="Error"} 1',
  )
  expect(text).toContain('kubelet_cgroup_manager_duration_seconds_count{operation_type="destroy"} 1')
  expect(text).toContain('kubelet_pod_worker_duration_seconds_count{operation_type="terminated"} 1')
  expect(text).toContain('kubelet_pleg_relist_duration_seconds_count 2')
  expect(text).toContain('kubelet_pleg_relist_interval_seconds_count 1')
  expect(text).toContain('kubelet_evented_pleg_connection_success_count 1')
  expect(text.some((line) => /^kubelet_pleg_last_seen_seconds [1-9]/.test(line))).toBe(true)
  await node.stop()
})

test('refused pods are counted by what they lack; resources of devices count together', async () => {
  const node = new TestNode()
  const wants = (resource: string) => ({
    containers: [{ name: 'app', image: 'app:1', resources: { requests: { [resource]: '9999' }, limits: {} } }],
  })
  await node.run('large', wants('cpu'))
  await node.run('odd', wants('example.com/gpu'))
  const text = lines(node)
  expect(text).toContain('kubelet_admission_rejections_total{reason="OutOfcpu"} 1')
  await node.stop()
})

/** The lines of `/metrics`. */
async function metricsOf({ kubelet }: TestNode): Promise<readonly string[]> {
  const { workers, parts, stats, node } = kubelet
  const text = kubeletMetrics({
    nodeName: 'node-1',
    version: 'v1',
    pods: workers.census(),
    cache: parts.cache,
    volumes: parts.volumes.counts(),
    cgroupVersion: node.machine.cgroupVersion,
    summary: await stats.summary(false),
    agent: { residentBytes: 1, cpuSeconds: 2, startSeconds: 3 },
  })
  return text.split('\n')
}

/** What `/metrics` has of these families. */
async function families(node: TestNode, ...names: string[]): Promise<{ readonly [line: string]: number }> {
  const text = (await metricsOf(node)).join('\n')
  const found = text
    .split('\n')
    .filter((line) => names.some((name) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)))
  return Object.fromEntries(
    found.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

test('pods that end although nobody asks for them any more are told of as orphans, in one of all kinds there are', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ container: () => ({ stopsAfterMs: 60_000 }) }) } })
  await node.settle()
  await node.run('stays', {})
  await node.run('forced', {})
  await node.run('done', { restartPolicy: 'Never' })
  const own = { 'kubernetes.io/config.source': 'file', 'kubernetes.io/config.mirror': 'x' }
  await node.api.create(pods, {
    metadata: { name: 'mirror', namespace: 'default', annotations: own },
    spec: { nodeName: 'node-1', containers: [{ name: 'app' }] },
    status: {},
  })
  await node.api.delete(pods, { namespace: 'default', name: 'forced' }, { gracePeriodSeconds: 0 })
  await node.settle()
  const counts = await families(node, 'kubelet_working_pods', 'kubelet_desired_pods', 'kubelet_active_pods')
  const working = (config: string, lifecycle: string, fixed: string): string =>
    `kubelet_working_pods{config="${config}",lifecycle="${lifecycle}",static="${fixed}"}`
  const kinds = [
    ['desired', ''],
    ['desired', 'true'],
    ['orphan', ''],
    ['orphan', 'true'],
    ['runtime_only', 'unknown'],
  ] as const
  const none = ['sync', 'terminating', 'terminated'].flatMap((lifecycle) =>
    kinds.map(([config, fixed]) => [working(config, lifecycle, fixed), 0]),
  )
  expect(counts).toEqual({
    ...Object.fromEntries(none),
    [working('desired', 'sync', '')]: 2,
    [working('orphan', 'terminating', '')]: 1,
    'kubelet_desired_pods{static=""}': 2,
    'kubelet_desired_pods{static="true"}': 0,
    'kubelet_active_pods{static=""}': 2,
    'kubelet_active_pods{static="true"}': 0,
  })
  await node.stop()
})

test('/metrics tells of pods as they are, and of volumes once for each claim', async () => {
  const node = new TestNode({
    kubelet: {
      volumePlugins: [
        {
          name: 'kubernetes.io/local-volume',
          supports: () => true,
          setUp: ({ path }) => Promise.resolve({ path, readOnly: false, selinuxRelabel: false, claim: 'data' }),
        },
      ],
    },
    measures: {
      space: () =>
        Promise.resolve({
          capacityBytes: 100,
          availableBytes: 30,
          usedBytes: 70,
          inodes: 10,
          inodesFree: 6,
          inodesUsed: 4,
        }),
    },
  })
  const containers = [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }]
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  for (const name of ['one', 'two']) await node.run(name, { containers, volumes })
  const text = await metricsOf(node)
  const labels = '{namespace="default",persistentvolumeclaim="data"}'
  expect(text.filter((line) => line.startsWith('kubelet_volume_stats_'))).toEqual([
    `kubelet_volume_stats_capacity_bytes${labels} 100`,
    `kubelet_volume_stats_available_bytes${labels} 30`,
    `kubelet_volume_stats_used_bytes${labels} 70`,
    `kubelet_volume_stats_inodes${labels} 10`,
    `kubelet_volume_stats_inodes_free${labels} 6`,
    `kubelet_volume_stats_inodes_used${labels} 4`,
  ])
  expect(text.filter((line) => line.startsWith('volume_manager_total_volumes'))).toEqual([
    'volume_manager_total_volumes{plugin_name="kubernetes.io/local-volume",state="actual_state_of_world"} 2',
    'volume_manager_total_volumes{plugin_name="kubernetes.io/local-volume",state="desired_state_of_world"} 2',
  ])
  const mounts = 'migrated="false",operation_name="volume_mount",status="success"'
  expect(lines(node)).toContain(
    `storage_operation_duration_seconds_count{${mounts},volume_plugin="kubernetes.io/local-volume"} 2`,
  )
  expect(text).toContain('kubelet_active_pods{static=""} 2')
  expect(text).toContain('kubelet_desired_pods{static="true"} 0')
  expect(text).toContain('kubelet_working_pods{config="desired",lifecycle="sync",static=""} 2')
  expect(text).toContain('kubelet_cgroup_version 2')
  await node.stop()
})

test('a node that is registered tells how long it took, one that was known before does not', async () => {
  const { facts } = simulatedHost({ nodeName: 'node-1', addresses: [] })
  const clock = new VirtualClock()
  const machine = { ...(await facts.machine()), bootedAt: clock.now() - 5000 }
  const node = new TestNode({ machine }, { clock })
  await node.settle()
  expect(lines(node)).toContain('kubelet_node_startup_pre_kubelet_duration_seconds 5')
  expect(lines(node)).toContain('kubelet_node_startup_registration_duration_seconds 0')
  const [, whole = ''] = /^kubelet_node_startup_duration_seconds (\S+)$/m.exec(lines(node).join('\n')) ?? []
  expect(Number(whole)).toBeGreaterThanOrEqual(5)
  await node.stop()
  const next = new TestNode({ machine }, node)
  await next.settle()
  expect(lines(next)).toContain('kubelet_node_startup_pre_kubelet_duration_seconds 0')
  expect(lines(next)).toContain('kubelet_node_startup_duration_seconds 0')
  await next.stop()
})

test('volumes of images are counted for each container that is made in their pod', async () => {
  const node = new TestNode()
  const volumes = [{ name: 'files', image: { reference: 'files:1' } }]
  const mounting = { name: 'app', image: 'app:1', volumeMounts: [{ name: 'files', mountPath: '/files' }] }
  await node.run('web', { volumes, containers: [mounting, { name: 'plain', image: 'app:1' }] })
  expect(lines(node)).toContain('kubelet_image_volume_requested_total 2')
  expect(lines(node)).toContain('kubelet_image_volume_mounted_succeed_total 1')
  expect(lines(node)).toContain('kubelet_image_volume_mounted_errors_total 0')
  await node.stop()
})

test('a hook that sleeps is counted when its container ends first', async () => {
  const node = new TestNode()
  const lifecycle = { preStop: { sleep: { seconds: 20 } } }
  await node.run('web', { containers: [{ name: 'app', image: 'app:1', lifecycle }] })
  expect(lines(node)).toContain('kubelet_sleep_action_terminated_early_total 0')
  await node.api.delete(pods, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 5 })
  await node.clock.advance(10_000)
  expect(lines(node)).toContain('kubelet_sleep_action_terminated_early_total 1')
  await node.stop()
})

test('folders that unknown pods have left are counted by what became of them in the last sweep', async () => {
  const host = simulatedHost({ nodeName: 'node-1', addresses: [] })
  const folders = new Set(['gone-1', 'gone-2', 'stuck'])
  const files: typeof host.files = {
    ...host.files,
    podsWithFolders: () => Promise.resolve([...folders]),
    removePodFolders: async (uid) => {
      if (uid === 'stuck') throw new Error('device busy')
      folders.delete(uid)
    },
  }
  const node = new TestNode({ kubelet: { host: { ...host, files } } })
  await node.settle()
  expect(lines(node)).toContain('kubelet_orphan_pod_cleaned_volumes 2')
  expect(lines(node)).toContain('kubelet_orphan_pod_cleaned_volumes_errors 1')
  await node.clock.advance(60_000)
  expect(lines(node)).toContain('kubelet_orphan_pod_cleaned_volumes 0')
  await node.stop()
})
