import type { Clock } from '#base'
import type { Pod, PodStatus, Volume } from '#api/core/v1'
import { HistogramFamily, millisOf, parseTime } from '#machinery'
import { isHostNetwork, isRestartableInitContainer, isTerminalPhase, specOf, uidOf } from '../pods/containers.ts'
import { gauge, times } from './families.ts'

/** Seconds. */
const bounds = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
]

interface Start {
  /** When the agent saw the pod first, wall time in milliseconds. */
  readonly seenAt: number
  /** The pod had not started when the agent saw it, and could be scheduled. */
  isFollowed: boolean
  readonly pulls: { readonly from: number; to: number | undefined }[]
  /** We have told the API that all its containers run. */
  isTold: boolean
  isRunning: boolean
}

/** Measures how long pods take to start: as a whole, and without pulls of images and init containers. */
export class StartLatency {
  readonly #clock: Clock
  readonly #starts = new Map<string, Start>()
  readonly #toRunning = times(
    'pod_start_duration_seconds',
    'Duration in seconds from kubelet seeing a pod for the first time to the pod starting to run',
    bounds,
  )
  readonly #sli = new HistogramFamily(
    'kubelet_pod_start_sli_duration_seconds',
    '[ALPHA] Duration in seconds to start a pod, excluding time to pull images and run init containers, measured from pod creation timestamp to when all its containers are reported as started and observed via watch',
    bounds,
    [],
  )
  readonly #total = new HistogramFamily(
    'kubelet_pod_start_total_duration_seconds',
    '[ALPHA] Duration in seconds to start a pod since creation, including time to pull images and run init containers, measured from pod creation timestamp to when all its containers are reported as started and observed via watch',
    bounds,
    [],
  )
  readonly #firstNetworkPod = gauge(
    'first_network_pod_start_sli_duration_seconds',
    'Duration in seconds to start the first network pod, excluding time to pull images and run init containers, measured from pod creation timestamp to when all its containers are reported as started and observed via watch',
  )
  #hadNetworkPod = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The API, or the node's own files, show the pod like this. */
  observed(pod: Pod): void {
    const uid = uidOf(pod)
    const known = this.#starts.get(uid)
    if (!known) {
      const isFollowed = pod.status?.startTime === undefined && !isUnschedulable(pod)
      const isRunning = pod.status?.phase === 'Running'
      this.#starts.set(uid, { seenAt: this.#clock.now(), isFollowed, pulls: [], isTold: false, isRunning })
      return
    }
    if (!known.isFollowed) return
    if (isTerminalPhase(pod.status?.phase) || isUnschedulable(pod)) known.isFollowed = false
    else if (known.isTold && haveAllStarted(pod.status)) this.#record(pod, known)
  }

  /** Milliseconds since the agent saw the pod first. */
  since(uid: string): number {
    const now = this.#clock.now()
    return now - (this.#starts.get(uid)?.seenAt ?? now)
  }

  /** The agent has this status for the pod now. */
  computed(uid: string, { phase }: PodStatus): void {
    const start = this.#starts.get(uid)
    if (!start || start.isRunning || phase !== 'Running') return
    start.isRunning = true
    this.#toRunning.observe(this.since(uid) / 1000)
  }

  /** This is what we tell the API of the pod now. */
  telling(uid: string, status: PodStatus): void {
    const start = this.#starts.get(uid)
    if (start?.isFollowed && haveAllStarted(status)) start.isTold = true
  }

  /** A pull for the pod begins; the returned function ends it. */
  pulling(uid: string): () => void {
    const start = this.#starts.get(uid)
    if (!start?.isFollowed) return () => {}
    const pull = { from: this.#clock.now(), to: undefined as number | undefined }
    start.pulls.push(pull)
    return () => (pull.to = this.#clock.now())
  }

  forget(uid: string): void {
    this.#starts.delete(uid)
  }

  text(): string {
    return this.#firstNetworkPod.text() + this.#toRunning.text() + this.#sli.text() + this.#total.text()
  }

  #record(pod: Pod, start: Start): void {
    start.isFollowed = false
    const created = pod.metadata.creationTimestamp
    if (created === undefined) return
    const total = this.#clock.now() - millisOf(parseTime(created))
    this.#total.observe(total / 1000)
    if (isStateful(pod)) return
    const own = (total - pulledMillis(start.pulls) - initMillis(pod)) / 1000
    this.#sli.observe(own)
    if (this.#hadNetworkPod || isHostNetwork(pod)) return
    this.#hadNetworkPod = true
    this.#firstNetworkPod.set(own)
  }
}

function isUnschedulable({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value, reason }) => type === 'PodScheduled' && value === 'False' && reason === 'Unschedulable',
  )
}

function haveAllStarted(status: PodStatus | undefined): boolean {
  return (status?.containerStatuses ?? []).every(({ state }) => state?.running?.startedAt !== undefined)
}

/** Volumes that hold no state of their own. */
const stateless: readonly (keyof Volume)[] = ['secret', 'configMap', 'downwardAPI', 'emptyDir', 'projected']

function isStateful(pod: Pod): boolean {
  return (specOf(pod).volumes ?? []).some((volume) => stateless.every((kind) => volume[kind] === undefined))
}

/** Pulls at the same time count once. */
function pulledMillis(pulls: Start['pulls']): number {
  let [sum, end] = [0, -Infinity]
  for (const { from, to } of pulls) {
    if (to === undefined || to <= end) continue
    sum += to - Math.max(from, end)
    end = to
  }
  return sum
}

/** Milliseconds that init containers have run before others could start. */
function initMillis(pod: Pod): number {
  const { initContainers = [] } = specOf(pod)
  let sum = 0
  for (const { name, state } of pod.status?.initContainerStatuses ?? []) {
    const container = initContainers.find((one) => one.name === name)
    const { startedAt, finishedAt } = state?.terminated ?? {}
    if (!container || isRestartableInitContainer(container)) continue
    if (startedAt === undefined || finishedAt === undefined) continue
    sum += Math.max(0, millisOf(parseTime(finishedAt)) - millisOf(parseTime(startedAt)))
  }
  return sum
}
