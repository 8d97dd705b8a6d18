import type { Pod } from '#api/core/v1'
import type { WorkerPhase } from '../pods/worker.ts'
import { isStaticPod, specOf } from '../pods/containers.ts'
import type { RuntimeCache } from '../runtime/cache.ts'
import type { VolumeManager } from '../volumes/manager.ts'
import { expose, type Family, type Sample } from './exposition.ts'
import type { StatsSummary } from './types.ts'

export interface KubeletMetricsInput {
  readonly nodeName: string
  readonly version: string
  readonly pods: readonly Pod[]
  /** Pods that count when another is let in. */
  readonly active: readonly Pod[]
  /** What the pod's worker is at; `undefined` for a pod that was refused. */
  readonly phaseOf: (pod: Pod) => WorkerPhase | undefined
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
  const { nodeName, version, pods, active, cache, agent, cgroupVersion, summary } = input
  const states = new Map<string, number>()
  let running = 0
  for (const uid of cache.uids()) {
    const observation = cache.get(uid)
    if (!observation) continue
    if (observation.sandboxes.some(({ state }) => state === 'ready')) running++
    for (const { state } of observation.containers) states.set(state, (states.get(state) ?? 0) + 1)
  }
  const containers = [...states].map(([state, value]): Sample => ({ labels: { container_state: state }, value }))
  const own = (value: number, labels = {}): Sample[] => [{ labels, value }]
  return expose([
    {
      name: 'kubelet_node_name',
      type: 'gauge',
      help: "[ALPHA] The node's name. The count is always 1.",
      samples: own(1, { node: nodeName }),
    },
    {
      name: 'kubelet_running_pods',
      type: 'gauge',
      help: '[ALPHA] Number of pods that have a running pod sandbox',
      samples: own(running),
    },
    {
      name: 'kubelet_running_containers',
      type: 'gauge',
      help: '[ALPHA] Number of containers currently running',
      samples: containers,
    },
    {
      name: 'kubelet_desired_pods',
      type: 'gauge',
      help: '[ALPHA] The number of pods the kubelet is being instructed to run. static is true if the pod is not from the apiserver.',
      samples: byOrigin(pods),
    },
    {
      name: 'kubelet_active_pods',
      type: 'gauge',
      help: '[ALPHA] The number of pods the kubelet considers active and which are being considered when admitting new pods. static is true if the pod is not from the apiserver.',
      samples: byOrigin(active),
    },
    {
      name: 'kubelet_mirror_pods',
      type: 'gauge',
      help: '[ALPHA] The number of mirror pods the kubelet will try to create (one per admitted static pod)',
      samples: own(pods.filter(isStaticPod).length),
    },
    {
      name: 'kubelet_working_pods',
      type: 'gauge',
      help: '[ALPHA] Number of pods the kubelet is actually running, broken down by lifecycle phase, whether the pod is desired, orphaned, or runtime only (also orphaned), and whether the pod is static. An orphaned pod has been removed from local configuration or force deleted in the API and consumes resources that are not otherwise visible.',
      samples: workingPods(input),
    },
    {
      name: 'kubelet_managed_ephemeral_containers',
      type: 'gauge',
      help: '[ALPHA] Current number of ephemeral containers in pods managed by this kubelet.',
      samples: own(pods.reduce((sum, pod) => sum + (specOf(pod).ephemeralContainers?.length ?? 0), 0)),
    },
    {
      name: 'kubelet_cgroup_version',
      type: 'gauge',
      help: '[ALPHA] cgroup version on the hosts.',
      samples: own(cgroupVersion),
    },
    ...volumeFamilies(summary),
    {
      name: 'kubelet_container_log_filesystem_used_bytes',
      type: 'gauge',
      help: "[ALPHA] Bytes used by the container's logs on the filesystem.",
      samples: logSamples(summary),
    },
    {
      name: 'volume_manager_total_volumes',
      type: 'gauge',
      help: '[ALPHA] Number of volumes in Volume Manager',
      samples: [
        ...volumeCounts('actual_state_of_world', input.volumes.actual),
        ...volumeCounts('desired_state_of_world', input.volumes.desired),
      ],
    },
    {
      name: 'kubernetes_build_info',
      type: 'gauge',
      help: "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      samples: own(1, { git_version: version }),
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Resident memory size in bytes.',
      samples: own(agent.residentBytes),
    },
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'Total user and system CPU time spent in seconds.',
      samples: own(agent.cpuSeconds),
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'Start time of the process since unix epoch in seconds.',
      samples: own(agent.startSeconds),
    },
  ])
}

function byOrigin(pods: readonly Pod[]): Sample[] {
  const fixed = pods.filter(isStaticPod).length
  return [
    { labels: { static: '' }, value: pods.length - fixed },
    { labels: { static: 'true' }, value: fixed },
  ]
}

/** What upstream calls the phases of a worker: what is finished is no longer worked on. */
const lifecycles = { sync: 'sync', terminating: 'terminating', terminated: 'terminated' } as const

function workingPods({ pods, phaseOf }: KubeletMetricsInput): Sample[] {
  const counts = new Map<string, number>()
  for (const pod of pods) {
    const key = `${phaseOf(pod)} ${isStaticPod(pod)}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Object.values(lifecycles).flatMap((lifecycle) =>
    [false, true].map((isStatic) => ({
      labels: { config: 'desired', lifecycle, static: isStatic ? 'true' : '' },
      value: counts.get(`${lifecycle} ${isStatic}`) ?? 0,
    })),
  )
}

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
  return volumeFields.map(([name, help, field]) => ({
    name: `kubelet_volume_stats_${name}`,
    type: 'gauge',
    help: `[ALPHA] ${help}`,
    samples: [...claims.values()].map(({ pvcRef, ...stats }) => ({
      labels: { namespace: pvcRef.namespace, persistentvolumeclaim: pvcRef.name },
      value: stats[field] ?? 0,
    })),
  }))
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
