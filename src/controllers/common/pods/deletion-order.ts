import type { Pod } from '#api/core/v1'
import { isPodReady, podCondition } from './state.ts'

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'
const phaseOrder: { readonly [phase: string]: number } = { Pending: 0, Unknown: 1, Running: 2 }

/** What decides the place of a pod, read once. */
interface Candidate {
  readonly pod: Pod
  readonly assigned: boolean
  readonly phase: number
  readonly ready: boolean
  readonly cost: number
  readonly rank: number
  /** Whole seconds since 1970, `undefined` where it is not known. */
  readonly readySince: number | undefined
  readonly restarts: number
  readonly sidecarRestarts: number
  readonly created: number | undefined
}

/**
 * Pods in the order in which they are given up: first those that are not assigned, not running, not ready; then those of
 * lower deletion cost, those that share their node with more of their like, those ready for a shorter time, those that
 * restarted more often, the younger ones. Ages count by powers of two, so that which of many pods of about the same age
 * goes is left to chance.
 *
 * @param rank of a pod: how many related pods are on its node. @param now milliseconds since 1970.
 */
export function inDeletionOrder(pods: readonly Pod[], rank: (pod: Pod) => number, now: number): Pod[] {
  const compare = (a: Candidate, b: Candidate): number => compareCandidates(a, b, now)
  return pods
    .map((pod) => candidate(pod, rank(pod)))
    .sort(compare)
    .map(({ pod }) => pod)
}

/** Pods by how little they have done: those that are not assigned, not running, not ready, ready or made most recently. */
export function inActivityOrder(pods: readonly Pod[]): Pod[] {
  return pods
    .map((pod) => candidate(pod, 0))
    .sort(compareActivity)
    .map(({ pod }) => pod)
}

function compareActivity(a: Candidate, b: Candidate): number {
  if (a.assigned !== b.assigned) return a.assigned ? 1 : -1
  if (a.phase !== b.phase) return a.phase - b.phase
  if (a.ready !== b.ready) return a.ready ? 1 : -1
  if (a.ready && a.readySince !== b.readySince) return (b.readySince ?? Infinity) - (a.readySince ?? Infinity)
  if (a.restarts !== b.restarts) return b.restarts - a.restarts
  if (a.sidecarRestarts !== b.sidecarRestarts) return b.sidecarRestarts - a.sidecarRestarts
  return a.created === b.created ? 0 : (b.created ?? Infinity) - (a.created ?? Infinity)
}

function candidate(pod: Pod, rank: number): Candidate {
  const ready = isPodReady(pod)
  return {
    pod,
    assigned: Boolean(pod.spec?.nodeName),
    phase: phaseOrder[pod.status?.phase ?? ''] ?? 0,
    ready,
    cost: deletionCostOf(pod),
    rank,
    readySince: ready ? time(podCondition(pod, 'Ready')?.lastTransitionTime) : undefined,
    ...restartsOf(pod),
    created: time(pod.metadata.creationTimestamp ?? undefined),
  }
}

function compareCandidates(a: Candidate, b: Candidate, now: number): number {
  if (a.assigned !== b.assigned) return a.assigned ? 1 : -1
  if (a.phase !== b.phase) return a.phase - b.phase
  if (a.ready !== b.ready) return a.ready ? 1 : -1
  if (a.cost !== b.cost) return a.cost - b.cost
  if (a.rank !== b.rank) return b.rank - a.rank
  if (a.ready && a.readySince !== b.readySince) return compareAges(a, b, a.readySince, b.readySince, now)
  if (a.restarts !== b.restarts) return b.restarts - a.restarts
  if (a.sidecarRestarts !== b.sidecarRestarts) return b.sidecarRestarts - a.sidecarRestarts
  if (a.created !== b.created) return compareAges(a, b, a.created, b.created, now)
  return 0
}

function compareAges(
  a: Candidate,
  b: Candidate,
  from: number | undefined,
  other: number | undefined,
  now: number,
): number {
  if (from === undefined) return -1
  if (other === undefined) return 1
  const difference = magnitude(now - from) - magnitude(now - other)
  if (difference !== 0) return difference
  return (a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1
}

/** Power of two of an age in nanoseconds; -1 for the future. */
const magnitude = (ms: number): number => (ms > 0 ? Math.trunc(Math.log2(ms * 1e6)) : -1)

const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text))

/** The cost a pod's annotation gives; 0 where it is no 32-bit number. */
function deletionCostOf(pod: Pod): number {
  const text = pod.metadata.annotations?.[deletionCost]
  if (text === undefined || !/^(?:0|-?[1-9]\d*|-0+\d*)$/.test(text)) return 0
  const cost = Number(text)
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : 0
}

/** Most restarts of one container, of the app's and of sidecars. */
function restartsOf({ spec, status }: Pod): { readonly restarts: number; readonly sidecarRestarts: number } {
  let restarts = 0
  let sidecarRestarts = 0
  for (const { restartCount } of status?.containerStatuses ?? []) restarts = Math.max(restarts, restartCount)
  for (const { name, restartCount } of status?.initContainerStatuses ?? []) {
    const isSidecar = spec?.initContainers?.some((each) => each.name === name && each.restartPolicy === 'Always')
    if (isSidecar === true) sidecarRestarts = Math.max(sidecarRestarts, restartCount)
  }
  return { restarts, sidecarRestarts }
}
