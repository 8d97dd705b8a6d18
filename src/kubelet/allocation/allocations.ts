import type { ResourceList } from '#machinery'
import { podReference } from '#client'
import type { Clock } from '#base'
import type { Container, Pod, PodCondition } from '#api/core/v1'
import { Quantity, timeOfMillis } from '#machinery'
import { fits } from '../admission/fit.ts'
import type { ResizeMetrics, RetryTrigger } from '../metrics/resize-metrics.ts'
import { specOf, uidOf } from '../pods/containers.ts'
import type { RecordEvent } from '../record-event.ts'
import { resizeMessage } from './message.ts'
import type { ResizeRefusal } from './refusal.ts'
import {
  effectiveSizes,
  resizableContainers,
  sameSizes,
  sizesOf,
  wholeSizes,
  type Requirements,
  type Sizes,
} from './sizes.ts'

export interface AllocationOptions {
  readonly clock: Clock
  readonly record: RecordEvent
  /** Pods that use the node, with what they were granted. */
  readonly active: () => readonly Pod[]
  readonly allocatable: () => ResourceList
  /** Why a pod can never be given another size while it runs; `undefined` when it can. */
  readonly infeasible: (wanted: Pod, granted: Pod) => ResizeRefusal | undefined
  /** A pod was granted another size: others may have to wait no longer. */
  readonly changed: () => void
  readonly metrics: ResizeMetrics
}

interface Condition {
  readonly reason: string
  readonly message: string
  readonly observedGeneration: number
  readonly since: number
  /** Wall time at which it was last found to be so, and told otherwise than before, milliseconds. */
  readonly told?: number
}

interface Entry {
  /** Granted resources by container; the pod's own under the empty name. */
  granted: ReadonlyMap<string, Requirements>
  /** What running containers have, by name. */
  readonly actuated: Map<string, Sizes>
  /** What the pod as a whole has. */
  whole: Sizes
  pending: Condition | undefined
  inProgress: Condition | undefined
  /** Why it is looked at again while it waits. */
  trigger: RetryTrigger | undefined
}

/**
 * What each pod was granted of the node, which is less or more than it asks for while a resize waits, and what its
 * containers have of that. A resize is granted as soon as it fits beside the other pods.
 */
export class Allocations {
  readonly #options: AllocationOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: AllocationOptions) {
    this.#options = options
  }

  /** The pod with what it was granted in place of what it asks for; the pod itself where they are the same. */
  applied(pod: Pod): Pod {
    const entry = this.#entries.get(uidOf(pod))
    return entry === undefined || isGranted(pod, entry.granted) ? pod : withResources(pod, entry.granted)
  }

  /** The pod as it wants to be admitted: with what it was granted before, if it ran already. */
  begin(pod: Pod): Pod {
    if (!this.#entries.has(uidOf(pod))) this.#begin(pod)
    return this.applied(pod)
  }

  /** Grants what a pod asks for if it can be had. A pod seen for the first time has been admitted with it. */
  consider(pod: Pod): Pod {
    const uid = uidOf(pod)
    const entry = this.#entries.get(uid) ?? this.#begin(pod)
    if (isGranted(pod, entry.granted)) {
      this.#setPending(entry, undefined)
      return pod
    }
    const granted = withResources(pod, entry.granted)
    const never = this.#options.infeasible(pod, granted)
    if (never !== undefined) {
      if (this.#postpone(pod, entry, 'Infeasible', never.message)) this.#options.metrics.refused(never)
      return granted
    }
    const others = this.#options.active().filter((other) => uidOf(other) !== uid)
    const generation = pod.metadata.generation ?? 0
    const refusal = fits(pod, others, this.#options.allocatable())
    if (refusal) {
      this.#postpone(pod, entry, 'Deferred', refusal.message, refusal.reason)
      return granted
    }
    entry.granted = requirementsOf(pod)
    if (entry.pending?.reason === 'Deferred') this.#options.metrics.acceptedAfterAll(triggerOf(entry, generation))
    this.#setPending(entry, undefined)
    this.#setInProgress(entry, {
      reason: '',
      message: '',
      observedGeneration: generation,
      since: this.#options.clock.now(),
    })
    const message = resizeMessage('Pod resize started', pod, generation)
    this.#options.record(podReference(pod), 'Normal', 'ResizeStarted', message)
    this.#options.changed()
    return pod
  }

  /** Sizes that a running container has. */
  actuated(pod: Pod, container: Container): Sizes {
    return this.#entries.get(uidOf(pod))?.actuated.get(container.name) ?? effectiveSizes(pod, container)
  }

  setActuated(pod: Pod, name: string, sizes: Sizes): void {
    this.#entries.get(uidOf(pod))?.actuated.set(name, sizes)
  }

  /** Sizes that a pod as a whole has. */
  actuatedWhole(pod: Pod): Sizes {
    return this.#entries.get(uidOf(pod))?.whole ?? wholeSizes(pod)
  }

  setActuatedWhole(pod: Pod): void {
    const entry = this.#entries.get(uidOf(pod))
    if (entry) entry.whole = wholeSizes(pod)
  }

  /** Bytes of memory that a running container asked for; `undefined` where nothing is known. */
  memoryRequest(pod: Pod, name: string): number | undefined {
    return this.#entries.get(uidOf(pod))?.actuated.get(name)?.memoryRequest
  }

  /** Tells the end of a resize once the pod and all containers that run have what was granted. */
  settle(pod: Pod, running: ReadonlySet<string>): void {
    const entry = this.#entries.get(uidOf(pod))
    if (!entry) return
    const isWholeBehind = running.size > 0 && !sameSizes(entry.whole, wholeSizes(pod))
    const areContainersBehind = resizableContainers(pod).some((container) => {
      const sizes = entry.actuated.get(container.name)
      return running.has(container.name) && sizes && !sameSizes(sizes, effectiveSizes(pod, container))
    })
    if (isWholeBehind || areContainersBehind) {
      const observedGeneration = pod.metadata.generation ?? 0
      const since = this.#options.clock.now()
      if (!entry.inProgress) this.#setInProgress(entry, { reason: '', message: '', observedGeneration, since })
    } else if (entry.inProgress) {
      const message = resizeMessage('Pod resize completed', pod, entry.inProgress.observedGeneration)
      this.#setInProgress(entry, undefined)
      this.#options.record(podReference(pod), 'Normal', 'ResizeCompleted', message)
    }
  }

  /** A granted resize could not be put into effect. */
  failed(pod: Pod, error: string): void {
    const entry = this.#entries.get(uidOf(pod))
    if (!entry) return
    const { clock, record } = this.#options
    const before = entry.inProgress
    const observedGeneration = before?.observedGeneration ?? pod.metadata.generation ?? 0
    const since = before?.reason === 'Error' ? before.since : clock.now()
    this.#setInProgress(entry, { reason: 'Error', message: error, observedGeneration, since })
    if (before?.reason === 'Error' && before.message === error) return
    const message = resizeMessage('Pod resize error', pod, observedGeneration, error)
    record(podReference(pod), 'Warning', 'ResizeError', message)
  }

  /** What a pod's status says of its resize. */
  conditions(uid: string): readonly PodCondition[] {
    const { pending, inProgress } = this.#entries.get(uid) ?? {}
    return [
      ...(pending ? [conditionOf('PodResizePending', pending)] : []),
      ...(inProgress ? [conditionOf('PodResizeInProgress', inProgress)] : []),
    ]
  }

  /** Pods that wait for room, which are to be considered again. */
  waiting(trigger: RetryTrigger): readonly string[] {
    const found = [...this.#entries].filter(([, { pending }]) => pending?.reason === 'Deferred')
    for (const [, entry] of found) entry.trigger = trigger
    return found.map(([uid]) => uid)
  }

  forget(uid: string): void {
    const entry = this.#entries.get(uid)
    if (!entry) return
    this.#setPending(entry, undefined)
    this.#setInProgress(entry, undefined)
    this.#entries.delete(uid)
  }

  #setPending(entry: Entry, pending: Condition | undefined): void {
    const { metrics } = this.#options
    if (entry.pending) metrics.waiting(entry.pending.reason, -1)
    if (pending) metrics.waiting(pending.reason, 1)
    entry.pending = pending && this.#told(pending, entry.pending)
  }

  #setInProgress(entry: Entry, inProgress: Condition | undefined): void {
    const { metrics } = this.#options
    if (entry.inProgress) metrics.underWay(-1)
    if (inProgress) metrics.underWay(1)
    entry.inProgress = inProgress && this.#told(inProgress, entry.inProgress)
  }

  #told(condition: Condition, before: Condition | undefined): Condition {
    const isSame =
      condition.reason === before?.reason &&
      condition.message === before.message &&
      condition.observedGeneration === before.observedGeneration
    return { ...condition, told: (isSame ? before.told : undefined) ?? this.#options.clock.now() }
  }

  /** A pod that ran before us has what its status says it was granted. */
  #begin(pod: Pod): Entry {
    const granted = grantedBefore(pod)
    const entry: Entry = {
      granted,
      actuated: new Map(),
      // Nobody knows how far a resize came that was under way; to do it again changes nothing.
      whole: sizesOf(isUnderWay(pod) ? {} : granted.get('')),
      pending: undefined,
      inProgress: undefined,
      trigger: undefined,
    }
    for (const { name, resources, state } of statusesOf(pod)) {
      if (state?.running && resources) entry.actuated.set(name, sizesOf(resources))
    }
    for (const { type, reason = '', message = '', observedGeneration = 0 } of pod.status?.conditions ?? []) {
      const condition = { reason, message, observedGeneration, since: this.#options.clock.now() }
      if (type === 'PodResizePending') this.#setPending(entry, condition)
      if (type === 'PodResizeInProgress') this.#setInProgress(entry, condition)
    }
    this.#entries.set(uidOf(pod), entry)
    return entry
  }

  /** @returns whether it is told now, and not as before. */
  #postpone(pod: Pod, entry: Entry, reason: 'Deferred' | 'Infeasible', message: string, why: string = reason): boolean {
    const { clock, record } = this.#options
    const before = entry.pending
    const observedGeneration = pod.metadata.generation ?? 0
    const since = before?.reason === reason ? before.since : clock.now()
    this.#setPending(entry, { reason, message, observedGeneration, since })
    if (before?.reason === reason && before.observedGeneration === observedGeneration) return false
    const text = resizeMessage(`Pod resize ${why}`, pod, observedGeneration, message)
    record(podReference(pod), 'Warning', `Resize${reason}`, text)
    return true
  }
}

/** One that asks for something else than when it began to wait is looked at for its own sake. */
const triggerOf = ({ pending, trigger = 'periodic_retry' }: Entry, generation: number): RetryTrigger =>
  pending?.observedGeneration === generation ? trigger : 'pod_updated'

const isUnderWay = ({ status }: Pod): boolean =>
  (status?.conditions ?? []).some(({ type }) => type === 'PodResizeInProgress')

const statusesOf = ({ status }: Pod) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]

function requirementsOf(pod: Pod): ReadonlyMap<string, Requirements> {
  const { resources } = specOf(pod)
  const granted = new Map<string, Requirements>(resources ? [['', resources]] : [])
  for (const container of resizableContainers(pod)) granted.set(container.name, container.resources ?? {})
  return granted
}

function grantedBefore(pod: Pod): ReadonlyMap<string, Requirements> {
  const granted = new Map(requirementsOf(pod))
  const whole = wholeGrantedBefore(pod)
  if (whole) granted.set('', whole)
  for (const { name, allocatedResources, resources } of statusesOf(pod)) {
    const asked = granted.get(name)
    if (!asked || !allocatedResources) continue
    const requests = { ...asked.requests, ...allocatedResources }
    const limits = asked.limits && resources?.limits ? { ...asked.limits, ...resources.limits } : asked.limits
    granted.set(name, { ...asked, requests, ...(limits ? { limits } : {}) })
  }
  return granted
}

/** What a pod that waits for another size as a whole was granted; its status counts what the runtime class costs. */
function wholeGrantedBefore({ spec, status }: Pod): Requirements | undefined {
  const isPending = (status?.conditions ?? []).some(({ type }) => type === 'PodResizePending')
  if (!isPending || !spec?.resources) return undefined
  const { requests, limits } = spec.resources
  const told = (asked: ResourceList | undefined, list: ResourceList = {}): ResourceList =>
    Object.fromEntries(
      Object.entries(asked ?? {}).map(([name, value]) => {
        const overhead = spec.overhead?.[name]
        const had = list[name]
        if (had === undefined) return [name, value]
        return [name, overhead === undefined ? had : Quantity.parse(had).sub(Quantity.parse(overhead)).toString()]
      }),
    )
  return {
    ...(requests ? { requests: told(requests, status?.allocatedResources) } : {}),
    ...(limits ? { limits: told(limits, status?.resources?.limits) } : {}),
  }
}

function isGranted(pod: Pod, granted: ReadonlyMap<string, Requirements>): boolean {
  if (!sameSizes(sizesOf(specOf(pod).resources), sizesOf(granted.get('')))) return false
  return resizableContainers(pod).every(({ name, resources }) =>
    sameSizes(sizesOf(resources), sizesOf(granted.get(name))),
  )
}

function withResources(pod: Pod, granted: ReadonlyMap<string, Requirements>): Pod {
  const { resources: _, ...spec } = specOf(pod)
  const put = (containers: readonly Container[]): Container[] =>
    containers.map((container) => {
      const resources = granted.get(container.name)
      return resources === undefined ? container : { ...container, resources }
    })
  const whole = granted.get('')
  return {
    ...pod,
    spec: {
      ...spec,
      ...(whole ? { resources: whole } : {}),
      containers: put(spec.containers),
      ...(spec.initContainers ? { initContainers: put(spec.initContainers) } : {}),
    },
  }
}

function conditionOf(
  type: string,
  { reason, message, observedGeneration, since, told = since }: Condition,
): PodCondition {
  return {
    type,
    status: 'True',
    lastProbeTime: timeOfMillis(told),
    lastTransitionTime: timeOfMillis(since),
    ...(reason === '' ? {} : { reason }),
    ...(message === '' ? {} : { message }),
    ...(observedGeneration === 0 ? {} : { observedGeneration }),
  }
}
