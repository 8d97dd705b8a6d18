import { addAbortListener, Heap } from '#base'
import type { CancelTimer, Clock } from '#base'
import type { Pod } from '#api/core/v1'
import type { PodShape, PodShapes } from '../cache/pod-info.ts'
import { everything, podEvents } from '../framework/events.ts'
import type { ClusterEvent } from '../framework/events.ts'
import type { Plugin } from '../framework/plugin.ts'
import { backoffUntil, isBackingOff } from './backoff.ts'
import type { BackoffOptions } from './backoff.ts'
import type { Hints, Requeue } from './hints.ts'
import type { Nominator } from './nominator.ts'
import { queuedPod } from './queued-pod.ts'
import type { QueuedPod } from './queued-pod.ts'

export interface QueueOptions {
  readonly clock: Clock
  readonly shapes: PodShapes
  readonly nominator: Nominator
  readonly hints: Hints
  readonly less: (a: QueuedPod, b: QueuedPod) => boolean
  /** PreEnqueue plugins by name of profile. */
  readonly preEnqueue: ReadonlyMap<string, readonly Plugin[]>
  readonly backoff: BackoffOptions
  /** Pods that no event let go are tried again after so long. */
  readonly maxUnschedulableMs: number
  /** Called when there may be something to pop. */
  readonly ready: () => void
}

interface Happened {
  readonly event: ClusterEvent
  readonly old: object | undefined
  readonly current: object | undefined
}

export const flushIntervalMs = 30_000

/**
 * Pods that wait: in the active queue to be tried, in backoff for a while, or unschedulable until something happens
 * that may help them.
 */
export class SchedulingQueue {
  readonly #options: QueueOptions
  readonly #pods = new Map<string, QueuedPod>()
  readonly #active: Heap<QueuedPod>
  readonly #backoff: Heap<QueuedPod>
  readonly #errors: Heap<QueuedPod>
  readonly #unschedulable = new Set<QueuedPod>()
  /** How many of them each plugin is against: events that none of these wants to hear of need no look at the pods. */
  readonly #rejecting = new Map<string, number>()
  /** Pods being tried, and how many events had happened when they were taken. */
  readonly #inFlight = new Map<string, number>()
  #happened: Happened[] = []
  #order = 0
  #cancelBackoff: CancelTimer | undefined
  #backoffTimerDue = Infinity

  constructor(options: QueueOptions) {
    this.#options = options
    const less = (a: QueuedPod, b: QueuedPod): boolean =>
      options.less(a, b) || (!options.less(b, a) && a.order < b.order)
    const sooner = (a: QueuedPod, b: QueuedPod): boolean => {
      const [left, right] = [backoffUntil(a, options.backoff), backoffUntil(b, options.backoff)]
      return left < right || (left === right && less(a, b))
    }
    this.#active = new Heap(less)
    this.#backoff = new Heap(sooner)
    this.#errors = new Heap(sooner)
  }

  /** Pods by where they wait. */
  get counts(): { readonly active: number; readonly backoff: number; readonly unschedulable: number } {
    return {
      active: this.#active.size,
      backoff: this.#backoff.size + this.#errors.size,
      unschedulable: this.#unschedulable.size,
    }
  }

  get(uid: string): QueuedPod | undefined {
    return this.#pods.get(uid)
  }

  /** Flushes what waited too long every half a minute, until the signal aborts. */
  start(signal: AbortSignal): void {
    const { clock } = this.#options
    let cancel: CancelTimer = () => {}
    const arm = (): void => {
      cancel = clock.timer(flushIntervalMs, () => {
        this.#flushLeftover()
        if (!signal.aborted) arm()
      })
    }
    arm()
    const stop = (): void => {
      cancel()
      this.#cancelBackoff?.()
    }
    addAbortListener(signal, stop)
  }

  add(pod: Pod): void {
    const { clock, shapes } = this.#options
    const queued = queuedPod(shapes.infoOf(pod), clock.now(), this.#order++)
    const known = this.#pods.get(queued.info.uid)
    if (known) this.#leave(known)
    this.#pods.set(queued.info.uid, queued)
    if (pod.status?.nominatedNodeName) this.#options.nominator.nominate(queued.info, pod.status.nominatedNodeName)
    this.#toActive(queued, false)
  }

  update(old: Pod, pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    const queued = this.#pods.get(uid)
    const events = podEvents(old, pod)
    if (this.#inFlight.has(uid)) {
      for (const event of events) this.#happened.push({ event, old, current: pod })
      return
    }
    if (!queued) {
      this.add(pod)
      return
    }
    const { nominator, shapes } = this.#options
    queued.info = shapes.infoOf(pod)
    const nominated = pod.status?.nominatedNodeName ?? ''
    if (nominated !== '') nominator.nominate(queued.info, nominated)
    else if (old.status?.nominatedNodeName) nominator.remove(uid)
    switch (queued.place) {
      case 'active':
        this.#active.fix(queued)
        return
      case 'backoff':
        this.#backoff.fix(queued)
        return
      case 'error-backoff':
        this.#errors.fix(queued)
        return
      default:
        for (const event of events) {
          if (this.#requeue(queued, this.#options.hints.ask(queued, event, old, pod))) return
        }
    }
  }

  delete(pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    this.#options.nominator.remove(uid)
    const queued = this.#pods.get(uid)
    if (!queued) return
    this.#leave(queued)
    this.#pods.delete(uid)
  }

  /** Takes the next pod to try. Idle time is used for pods that back off because there was no room. */
  pop(): QueuedPod | undefined {
    const queued = this.#active.pop() ?? this.#backoff.pop()
    if (!queued) return undefined
    queued.place = 'none'
    queued.attempts++
    queued.firstAttempt ??= this.#options.clock.now()
    this.#pods.delete(queued.info.uid)
    this.#inFlight.set(queued.info.uid, this.#happened.length)
    return queued
  }

  /** A pod that was taken needs no more events. */
  done(uid: string): void {
    this.#inFlight.delete(uid)
    if (this.#inFlight.size === 0) this.#happened = []
  }

  /** Takes a pod back that could not go. `rejected` says who was against it; nobody when something broke. */
  giveBack(
    queued: QueuedPod,
    pod: Pod,
    rejected: { readonly unschedulable: ReadonlySet<string>; readonly pending: ReadonlySet<string> },
  ): void {
    const { clock, shapes, hints } = this.#options
    const { uid } = queued.info
    const from = this.#inFlight.get(uid) ?? this.#happened.length
    const happened = this.#happened.slice(from)
    this.done(uid)
    if (this.#pods.has(uid)) return
    queued.info = shapes.infoOf(pod)
    queued.unschedulablePlugins = rejected.unschedulable
    queued.pendingPlugins = rejected.pending
    const nobody = rejected.unschedulable.size === 0 && rejected.pending.size === 0
    if (nobody) queued.errorCount++
    else {
      queued.unschedulableCount++
      queued.errorCount = 0
    }
    queued.since = clock.now()
    queued.backoffUntil = 0
    this.#pods.set(uid, queued)
    let requeue: Requeue = nobody ? 'after-backoff' : 'skip'
    for (const { event, old, current } of happened) {
      if (requeue === 'at-once') break
      const answer = hints.ask(queued, event, old, current)
      if (answer !== 'skip') requeue = answer
    }
    if (!this.#requeue(queued, requeue)) this.#toUnschedulable(queued)
  }

  /** Something happened: pods that it may help come back. @param only pods that it can concern. */
  moveAll(
    event: ClusterEvent,
    old: object | undefined,
    current: object | undefined,
    only?: (pod: Pod) => boolean,
  ): void {
    if (this.#inFlight.size > 0) this.#happened.push({ event, old, current })
    if (this.#unschedulable.size === 0) return
    const { hints } = this.#options
    if (!hints.isOfInterest(event, this.#rejecting.keys())) return
    const answers = new Map<PodShape, { readonly plugins: ReadonlySet<string>; readonly answer: Requeue }>()
    // Many pods may be held back by one plugin.
    let gate = { profile: '', plugin: '', isConcerned: true }
    for (const queued of this.#listUnschedulable()) {
      if (only && !only(queued.info.pod)) continue
      const { info, gatingPlugin, unschedulablePlugins } = queued
      if (gatingPlugin !== '') {
        const profile = info.pod.spec?.schedulerName ?? ''
        if (gate.plugin !== gatingPlugin || gate.profile !== profile) {
          gate = { profile, plugin: gatingPlugin, isConcerned: hints.concerns(profile, gatingPlugin, event) }
        }
        if (!gate.isConcerned) continue
      }
      // Pods of one class that the same plugins refused get the same answer.
      const known = answers.get(info.shape)
      const same =
        known !== undefined && queued.pendingPlugins.size === 0 && setsEqual(known.plugins, unschedulablePlugins)
      const answer = same ? known.answer : hints.ask(queued, event, old, current)
      if (!same && !info.shape.hasVolumes && !info.shape.hasClaims && queued.pendingPlugins.size === 0) {
        answers.set(info.shape, { plugins: unschedulablePlugins, answer })
      }
      // Many pods may wait for their victims: one that is held back as before stays where it is.
      if (answer === 'skip' || (gatingPlugin !== '' && this.#isHeldBy(gatingPlugin, queued))) continue
      this.#requeue(queued, answer)
    }
  }

  /** Puts pods into the active queue, whatever they wait for. */
  activate(pods: readonly Pod[]): void {
    for (const pod of pods) {
      const uid = pod.metadata.uid ?? ''
      const queued = this.#pods.get(uid)
      if (queued && queued.place !== 'active') this.#toActive(queued, queued.place !== 'unschedulable')
      else if (this.#inFlight.has(uid)) this.#happened.push({ event: everything, old: undefined, current: undefined })
    }
  }

  /** Whether the pod left the unschedulable ones. */
  #requeue(queued: QueuedPod, requeue: Requeue): boolean {
    if (requeue === 'skip') return false
    const { clock, backoff } = this.#options
    if (requeue === 'after-backoff' && isBackingOff(queued, clock.now(), backoff)) {
      if (this.#gated(queued)) return false
      this.#leave(queued)
      const failed = queued.errorCount > 0
      queued.place = failed ? 'error-backoff' : 'backoff'
      const heap = failed ? this.#errors : this.#backoff
      heap.push(queued)
      this.#armBackoff()
      this.#options.ready()
      return true
    }
    return this.#toActive(queued, false)
  }

  #toActive(queued: QueuedPod, fromBackoff: boolean): boolean {
    if (!fromBackoff && this.#gated(queued)) {
      this.#toUnschedulable(queued)
      return false
    }
    this.#leave(queued)
    queued.place = 'active'
    this.#active.push(queued)
    this.#options.ready()
    return true
  }

  #toUnschedulable(queued: QueuedPod): void {
    this.#leave(queued)
    queued.place = 'unschedulable'
    this.#unschedulable.add(queued)
    this.#count(queued, 1)
  }

  #count({ unschedulablePlugins, pendingPlugins }: QueuedPod, by: number): void {
    for (const plugins of [unschedulablePlugins, pendingPlugins]) {
      for (const plugin of plugins) {
        const count = (this.#rejecting.get(plugin) ?? 0) + by
        if (count > 0) this.#rejecting.set(plugin, count)
        else this.#rejecting.delete(plugin)
      }
    }
  }

  #isHeldBy(gatingPlugin: string, { info: { pod } }: QueuedPod): boolean {
    const plugins = this.#options.preEnqueue.get(pod.spec?.schedulerName ?? '')
    return plugins?.find(({ name }) => name === gatingPlugin)?.preEnqueue?.(pod) !== undefined
  }

  /** Asks the PreEnqueue plugins, first the one that said no before. */
  #gated(queued: QueuedPod): boolean {
    const { pod } = queued.info
    const plugins = this.#options.preEnqueue.get(pod.spec?.schedulerName ?? '') ?? []
    const first = plugins.find(({ name }) => name === queued.gatingPlugin)
    for (const plugin of first ? [first, ...plugins.filter((other) => other !== first)] : plugins) {
      const status = plugin.preEnqueue?.(pod)
      if (!status) continue
      queued.gatingPlugin = plugin.name
      const counted = queued.place === 'unschedulable'
      if (counted) this.#count(queued, -1)
      queued.unschedulablePlugins = new Set([...queued.unschedulablePlugins, plugin.name])
      if (counted) this.#count(queued, 1)
      return true
    }
    queued.gatingPlugin = ''
    return false
  }

  /** As it is now: pods that are still held back leave and come again while it is gone through. */
  #listUnschedulable(): readonly QueuedPod[] {
    return Array.from(this.#unschedulable)
  }

  #leave(queued: QueuedPod): void {
    if (queued.place === 'active') this.#active.remove(queued)
    else if (queued.place === 'backoff') this.#backoff.remove(queued)
    else if (queued.place === 'error-backoff') this.#errors.remove(queued)
    else if (queued.place === 'unschedulable') {
      this.#unschedulable.delete(queued)
      this.#count(queued, -1)
    }
    queued.place = 'none'
  }

  #armBackoff(): void {
    const { clock, backoff } = this.#options
    const due = Math.min(
      ...[this.#backoff.peek(), this.#errors.peek()].map((first) => (first ? backoffUntil(first, backoff) : Infinity)),
    )
    if (due >= this.#backoffTimerDue) return
    this.#cancelBackoff?.()
    this.#backoffTimerDue = due
    this.#cancelBackoff = clock.timer(Math.max(0, due - clock.now()), () => {
      this.#backoffTimerDue = Infinity
      this.#flushBackoff()
    })
  }

  #flushBackoff(): void {
    const now = this.#options.clock.now()
    for (const heap of [this.#backoff, this.#errors]) {
      for (let first = heap.peek(); first && !isBackingOff(first, now, this.#options.backoff); first = heap.peek()) {
        this.#toActive(first, true)
      }
    }
    if (this.#backoff.size + this.#errors.size > 0) this.#armBackoff()
  }

  #flushLeftover(): void {
    const { clock, maxUnschedulableMs } = this.#options
    const before = clock.now() - maxUnschedulableMs
    for (const queued of this.#listUnschedulable()) {
      if (queued.since < before)
        this.#requeue(queued, this.#options.hints.ask(queued, everything, undefined, undefined))
    }
  }
}

function setsEqual(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const item of a) if (!b.has(item)) return false
  return true
}
