import type { ContainerStatus, Pod, PodStatus } from '#api/core/v1'
import { exponentialBounds } from '#machinery'
import { specOf } from '../pods/containers.ts'
import { counter, times } from './families.ts'

/** Why a round of work on a pod began; the last one is that nothing runs any more. */
export type RoundReason = 'create' | 'update' | 'sync' | 'kill' | 'terminated'

/** Reasons to refuse pods that are counted by themselves: others could be of any number. */
const refusals = new Set([
  'AppArmor',
  'Evicted',
  'InitContainerRestartPolicyForbidden',
  'InvalidNodeInfo',
  'NodeShutdown',
  'OutOfcpu',
  'OutOfephemeral-storage',
  'OutOfmemory',
  'OutOfpods',
  'PodFeatureUnsupported',
  'PodLevelResourcesNotSupported',
  'PodOSNotSupported',
  'PodOSSelectorNodeLabelDoesNotMatch',
  'SupplementalGroupsPolicyNotSupported',
  'SysctlForbidden',
  'TopologyAffinityError',
  'UnexpectedAdmissionError',
  'UnexpectedPredicateFailureType',
  'UnknownReason',
  'VolumeAttachmentLimitExceeded',
  "node(s) had taints that the pod didn't tolerate",
])

/** What is counted of pods and their containers. */
export class PodMetrics {
  readonly #workerStart = times(
    'pod_worker_start_duration_seconds',
    'Duration in seconds from kubelet seeing a pod to starting a worker.',
  )
  readonly #rounds = times(
    'pod_worker_duration_seconds',
    'Duration in seconds to sync a single pod. Broken down by operation type: create, update, or sync',
    undefined,
    ['operation_type'],
  )
  readonly #containersPerPod = times(
    'containers_per_pod_count',
    'The number of containers per pod.',
    exponentialBounds(1, 2, 5),
  )
  readonly #statusSync = times(
    'pod_status_sync_duration_seconds',
    'Duration in seconds to sync a pod status update. Measures time from detection of a change to pod status until the API is successfully updated for that pod, even if multiple intevening changes to pod status occur.',
    [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 20, 30, 45, 60],
  )
  readonly #sandboxes = counter('started_pods_total', 'Cumulative number of pods started')
  readonly #sandboxErrors = counter('started_pods_errors_total', 'Cumulative number of errors when starting pods')
  readonly #userSandboxes = counter(
    'started_user_namespaced_pods_total',
    'Cumulative number of pods with user namespaces started. This metric will only be collected on Linux.',
  )
  readonly #userSandboxErrors = counter(
    'started_user_namespaced_pods_errors_total',
    'Cumulative number of errors when starting pods with user namespaces. This metric will only be collected on Linux.',
  )
  readonly #containers = counter('started_containers_total', 'Cumulative number of containers started', [
    'container_type',
  ])
  readonly #containerErrors = counter(
    'started_containers_errors_total',
    'Cumulative number of errors when starting containers',
    ['container_type', 'code'],
  )
  readonly #terminated = counter('terminated_containers_total', 'Cumulative number of container terminations.', [
    'container_type',
    'exit_code',
    'reason',
  ])
  readonly #refused = counter(
    'admission_rejections_total',
    'Cumulative number pod admission rejections by the Kubelet.',
    ['reason'],
  )
  readonly #orphans = counter(
    'orphaned_runtime_pods_total',
    'Number of pods that have been detected in the container runtime without being already known to the pod worker. This typically indicates the kubelet was restarted while a pod was force deleted in the API or in the local configuration, which is unusual.',
  )
  readonly #restarted = counter(
    'restarted_pods_total',
    'Number of pods that have been restarted because they were deleted and recreated with the same UID while the kubelet was watching them (common for static pods, extremely uncommon for API pods)',
    ['static'],
  )

  constructor() {
    for (const isStatic of [false, true]) this.restarted(isStatic, 0)
  }

  /** A pod was there again, with the same UID, when it had ended. */
  restarted(isStatic: boolean, count = 1): void {
    this.#restarted.add(count, isStatic ? 'true' : '')
  }

  /** A pod's first round of work begins, so many milliseconds after the agent saw it. */
  workerStarted(pod: Pod, afterMs: number): void {
    this.#workerStart.observe(afterMs / 1000)
    this.#containersPerPod.observe(specOf(pod).containers.length)
  }

  roundEnded(reason: RoundReason, tookMs: number): void {
    this.#rounds.observe(tookMs / 1000, reason)
  }

  /** The API has a status that was first computed so many milliseconds ago. */
  statusWritten(afterMs: number): void {
    this.#statusSync.observe(afterMs / 1000)
  }

  /** A sandbox is about to be made. */
  sandboxAsked(pod: Pod): void {
    this.#sandboxes.add(1)
    if (specOf(pod).hostUsers === false) this.#userSandboxes.add(1)
  }

  sandboxFailed(pod: Pod): void {
    this.#sandboxErrors.add(1)
    if (specOf(pod).hostUsers === false) this.#userSandboxErrors.add(1)
  }

  /** A container is about to be made. */
  containerAsked(pod: Pod, name: string): void {
    this.#containers.add(1, kindOf(pod, name))
  }

  containerFailed(pod: Pod, name: string, reason: string): void {
    this.#containerErrors.add(1, kindOf(pod, name), reason)
  }

  refused(reason: string): void {
    const isExtended = !refusals.has(reason) && reason.startsWith('OutOf')
    this.#refused.add(1, isExtended ? 'OutOfExtendedResources' : refusals.has(reason) ? reason : 'Other')
  }

  orphanFound(): void {
    this.#orphans.add(1)
  }

  /** Counts containers that have ended since the status before. */
  statusChanged(before: PodStatus, after: PodStatus): void {
    this.#countEnds('init_container', before.initContainerStatuses, after.initContainerStatuses)
    this.#countEnds('container', before.containerStatuses, after.containerStatuses)
    this.#countEnds('ephemeral_container', before.ephemeralContainerStatuses, after.ephemeralContainerStatuses)
  }

  #countEnds(
    kind: string,
    before: readonly ContainerStatus[] | undefined,
    after: readonly ContainerStatus[] | undefined,
  ): void {
    for (const { name, state } of after ?? []) {
      const { terminated } = state ?? {}
      if (!terminated || before?.find((one) => one.name === name)?.state?.terminated) continue
      this.#terminated.add(1, kind, String(terminated.exitCode ?? 0), terminated.reason ?? '')
    }
  }

  text(): string {
    return [
      this.#refused,
      this.#containersPerPod,
      this.#orphans,
      this.#restarted,
      this.#statusSync,
      this.#rounds,
      this.#workerStart,
      this.#containerErrors,
      this.#containers,
      this.#sandboxErrors,
      this.#sandboxes,
      this.#userSandboxErrors,
      this.#userSandboxes,
      this.#terminated,
    ]
      .map((family) => family.text())
      .join('')
  }
}

function kindOf(pod: Pod, name: string): string {
  const { initContainers = [], ephemeralContainers = [] } = specOf(pod)
  if (initContainers.some((one) => one.name === name)) return 'init_container'
  return ephemeralContainers.some((one) => one.name === name) ? 'ephemeral_container' : 'container'
}
