import type { Pod } from '#api/core/v1'
import type { PodCensus, WorkingPod } from '../pods/census.ts'
import type { WorkerPhase } from '../pods/worker.ts'
import { isStaticPod, specOf } from '../pods/containers.ts'
import type { RuntimeCache } from '../runtime/cache.ts'
import type { VolumeManager } from '../volumes/manager.ts'
import { expose, family, type Family, type Labels, type Sample } from './exposition.ts'
import type { StatsSummary } from './types.ts'

export interface KubeletMetricsInput {
  readonly nodeName: string
  readonly version: string
  readonly pods: PodCensus
  /** 1 or 2. */
  readonly cgroupVersion: number
  readonly summary: StatsSummary
  readonly cache: RuntimeCache
  readonly volumes: ReturnType<VolumeManager['counts']>
  /** Bytes that the agent's process holds, seconds of CPU time it has used, and wall time of its start in seconds. */
  readonly agent: { readonly residentBytes: number; readonly cpuSeconds: number; readonly startSeconds: number }
}

/** `/metrics`: the agent itself. */
export function kubeletMetrics(input: KubeletMetricsInput): string {
  return expose([
    gauge('kubelet_node_name', "[ALPHA] The node's name. The count is always 1.", one(1, { node: input.nodeName })),
    ...podFamilies(input),
    gauge('kubelet_cgroup_version', '[ALPHA] cgroup version on the hosts.', one(input.cgroupVersion)),
    ...volumeFamilies(input.summary),
    gauge(
      'kubelet_container_log_filesystem_used_bytes',
      "[ALPHA] Bytes used by the container's logs on the filesystem.",
      logSamples(input.summary),
    ),
    gauge('volume_manager_total_volumes', '[ALPHA] Number of volumes in Volume Manager', [
      ...volumeCounts('actual_state_of_world', input.volumes.actual),
      ...volumeCounts('desired_state_of_world', input.volumes.desired),
    ]),
    ...programFamilies(input),
  ])
}

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => family(name, 'gauge', help, samples)
const one = (value: number, labels: Labels = {}): Sample[] => [{ labels, value }]

function podFamilies(input: KubeletMetricsInput): Family[] {
  const { pods, cache } = input
  const { sandboxes, containers } = runningIn(cache)
  return [
    gauge('kubelet_running_pods', '[ALPHA] Number of pods that have a running pod sandbox', one(sandboxes)),
    gauge(
      'kubelet_running_containers',
      '[ALPHA] Number of containers currently running',
      [...containers].map(([state, value]) => ({ labels: { container_state: state }, value })),
    ),
    gauge(
      'kubelet_desired_pods',
      '[ALPHA] The number of pods the kubelet is being instructed to run. static is true if the pod is not from the apiserver.',
      byOrigin(pods.desired),
    ),
    gauge(
      'kubelet_active_pods',
      '[ALPHA] The number of pods the kubelet considers active and which are being considered when admitting new pods. static is true if the pod is not from the apiserver.',
      byOrigin(pods.active),
    ),
    gauge(
      'kubelet_mirror_pods',
      '[ALPHA] The number of mirror pods the kubelet will try to create (one per admitted static pod)',
      one(pods.mirrors),
    ),
    gauge(
      'kubelet_working_pods',
      '[ALPHA] Number of pods the kubelet is actually running, broken down by lifecycle phase, whether the pod is desired, orphaned, or runtime only (also orphaned), and whether the pod is static. An orphaned pod has been removed from local configuration or force deleted in the API and consumes resources that are not otherwise visible.',
      workingPods(pods),
    ),
    gauge(
      'kubelet_managed_ephemeral_containers',
      '[ALPHA] Current number of ephemeral containers in pods managed by this kubelet.',
      one(pods.desired.reduce((sum, pod) => sum + (specOf(pod).ephemeralContainers?.length ?? 0), 0)),
    ),
  ]
}

function programFamilies({ version, agent }: KubeletMetricsInput): Family[] {
  return [
    gauge(
      'kubernetes_build_info',
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      one(1, { git_version: version }),
    ),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', one(agent.residentBytes)),
    family(
      'process_cpu_seconds_total',
      'counter',
      'Total user and system CPU time spent in seconds.',
      one(agent.cpuSeconds),
    ),
    gauge(
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      one(agent.startSeconds),
    ),
  ]
}

interface Running {
  /** Sandboxes that are ready. */
  readonly sandboxes: number
  /** How many containers there are in each state. */
  readonly containers: ReadonlyMap<string, number>
}

function runningIn(cache: RuntimeCache): Running {
  const containers = new Map<string, number>()
  let sandboxes = 0
  for (const uid of cache.uids()) {
    const observation = cache.get(uid)
    if (!observation) continue
    if (observation.sandboxes.some(({ state }) => state === 'ready')) sandboxes++
    for (const { state } of observation.containers) containers.set(state, (containers.get(state) ?? 0) + 1)
  }
  return { sandboxes, containers }
}

function byOrigin(pods: readonly Pod[]): Sample[] {
  const fixed = pods.filter(isStaticPod).length
  return [
    { labels: { static: '' }, value: pods.length - fixed },
    { labels: { static: 'true' }, value: fixed },
  ]
}

type Lifecycle = 'sync' | 'terminating' | 'terminated'

const lifecycles: readonly Lifecycle[] = ['sync', 'terminating', 'terminated']

const lifecycleOf = (phase: WorkerPhase): Lifecycle => (phase === 'finished' ? 'terminated' : phase)

/** Every kind is told of, those of which there is none as well. */
function workingPods({ working, unknown }: PodCensus): Sample[] {
  const counts = new Map<string, number>()
  for (const pod of working) {
    const key = JSON.stringify(workingLabels(pod))
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return lifecycles.flatMap((lifecycle) => [
    ...[false, true].flatMap((isOrphan) =>
      [false, true].map((isStatic) => {
        const labels = labelsOf(isOrphan, lifecycle, isStatic)
        return { labels, value: counts.get(JSON.stringify(labels)) ?? 0 }
      }),
    ),
    {
      labels: { config: 'runtime_only', lifecycle, static: 'unknown' },
      value: lifecycle === 'terminating' ? unknown : 0,
    },
  ])
}

const workingLabels = ({ pod, phase, isOrphan }: WorkingPod): Labels =>
  labelsOf(isOrphan, lifecycleOf(phase), isStaticPod(pod))

const labelsOf = (isOrphan: boolean, lifecycle: Lifecycle, isStatic: boolean): Labels => ({
  config: isOrphan ? 'orphan' : 'desired',
  lifecycle,
  static: isStatic ? 'true' : '',
})

const volumeFields = [
  ['capacity_bytes', 'Capacity in bytes of the volume', 'capacityBytes'],
  ['available_bytes', 'Number of available bytes in the volume', 'availableBytes'],
  ['used_bytes', 'Number of used bytes in the volume', 'usedBytes'],
  ['inodes', 'Maximum number of inodes in the volume', 'inodes'],
  ['inodes_free', 'Number of free inodes in the volume', 'inodesFree'],
  ['inodes_used', 'Number of used inodes in the volume', 'inodesUsed'],
] as const

/** Volumes of claims, each once, however many pods have it. */
function volumeFamilies({ pods }: StatsSummary): Family[] {
  const claims = new Map(
    pods.flatMap(({ volume = [] }) =>
      volume.flatMap((stats) => {
        const { pvcRef } = stats
        return pvcRef ? [[`${pvcRef.namespace}/${pvcRef.name}`, { ...stats, pvcRef }] as const] : []
      }),
    ),
  )
  return volumeFields.map(([name, help, field]) =>
    gauge(
      `kubelet_volume_stats_${name}`,
      `[ALPHA] ${help}`,
      [...claims.values()].map(({ pvcRef, ...stats }) => ({
        labels: { namespace: pvcRef.namespace, persistentvolumeclaim: pvcRef.name },
        value: stats[field] ?? 0,
      })),
    ),
  )
}

const volumeCounts = (state: string, counts: ReadonlyMap<string, number>): Sample[] =>
  [...counts].map(([plugin, value]) => ({ labels: { plugin_name: plugin, state }, value }))

function logSamples({ pods }: StatsSummary): Sample[] {
  return pods.flatMap(({ podRef: { uid, namespace, name }, containers }) =>
    containers.flatMap(({ name: container, logs }) =>
      logs?.usedBytes === undefined
        ? []
        : [{ labels: { container, namespace, pod: name, uid }, value: logs.usedBytes }],
    ),
  )
}
