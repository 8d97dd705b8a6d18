import type { Pod } from '#api/core/v1'
import { uidOf } from '../pods/containers.ts'
import type { RuntimeCache } from '../runtime/cache.ts'
import { expose, type Sample } from './exposition.ts'

export interface KubeletMetricsInput {
  readonly nodeName: string
  readonly version: string
  readonly pods: readonly Pod[]
  readonly cache: RuntimeCache
  /** Bytes that the agent's process holds, seconds of CPU time it has used, and wall time of its start in seconds. */
  readonly agent: { readonly residentBytes: number; readonly cpuSeconds: number; readonly startSeconds: number }
}

/** `/metrics`: the agent itself. */
export function kubeletMetrics({ nodeName, version, pods, cache, agent }: KubeletMetricsInput): string {
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
  const desired = pods.filter((pod) => uidOf(pod) !== '').length
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
      samples: own(desired, { static: '' }),
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
