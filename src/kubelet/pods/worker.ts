import type { CancelTimer } from '#base'
import type { Pod } from '#api/core/v1'
import { millisOf, parseTime } from '#machinery'
import type { RoundReason } from '../metrics/pod-metrics.ts'
import { isAtRest } from '../runtime/pod-runtime.ts'
import type { NodeServices } from '../services.ts'
import type { StartFailure } from '../status/container-statuses.ts'
import { observationOf, reportStatus, syncPod } from '../sync/sync-pod.ts'
import { finishPod, forgetPod, terminatePod } from '../sync/terminate.ts'
import { formatPod, isTerminalPhase, specOf, uidOf } from './containers.ts'
import { tracedRound } from './round-span.ts'

/** Running; to end; nothing runs any more; nothing is left on the node. */
export type WorkerPhase = 'sync' | 'terminating' | 'terminated' | 'finished'

export interface WorkerHooks {
  /** Nothing of the pod is left, and the API has forgotten it. */
  readonly gone: (uid: string) => void
}

/** Milliseconds until a failed round is tried again; doubles up to the longest. */
const firstRetryMs = 1000
const longestRetryMs = 10_000
const leastGrace = 1

/**
 * The state machine of one pod. Rounds of work follow each other, one at a time; whatever happens during a round leads
 * to another one. No pod waits for another.
 */
export class PodWorker {
  readonly #services: NodeServices
  readonly #hooks: WorkerHooks
  #pod: Pod
  #phase: WorkerPhase = 'sync'
  /** The API has forgotten the pod, or it was deleted there. */
  #removed = false
  /** What is left of the pod is being removed, or is removed. */
  #forgetting: 'underway' | 'done' | undefined
  #dirty = false
  /** Why the next round of work begins, for those who count. */
  #why: RoundReason = 'create'
  #hasBegun = false
  #running = false
  #round = new AbortController()
  #retry: CancelTimer | undefined
  #deadline: CancelTimer | undefined
  #failed = 0
  /** Seconds that the pod has to end; 0 while nobody has said. */
  #grace = 0
  #handler: string | undefined
  readonly #failures = new Map<string, StartFailure>()
  #stopped = false
  readonly #waiting: (() => void)[] = []

  constructor(services: NodeServices, pod: Pod, hooks: WorkerHooks) {
    this.#services = services
    this.#hooks = hooks
    this.#pod = pod
    if (isTerminalPhase(pod.status?.phase) && isAtRest(observationOf(services, pod))) this.#phase = 'terminated'
    else this.#checkTermination(pod)
    this.#wake('create')
  }

  get pod(): Pod {
    return this.#pod
  }

  get phase(): WorkerPhase {
    return this.#phase
  }

  /** The API has forgotten the pod, or its manifest went: what comes under its name is another one. */
  get isRemoved(): boolean {
    return this.#removed
  }

  /** The API has a new version of the pod that changes nothing for us. */
  adopt(pod: Pod): void {
    this.#pod = pod
  }

  /** More is known of how the pod was than when its status was computed: computes it anew, before it is told. */
  retell(): void {
    if (!this.#hasBegun || this.#phase !== 'sync') return
    const pod = this.#services.allocations.applied(this.#pod)
    reportStatus(this.#services, pod, this.#failures, this.#handler ?? '', false)
  }

  /** The API has a new version of the pod. */
  update(pod: Pod): void {
    this.#pod = pod
    if (this.#phase === 'finished') {
      if (pod.metadata.deletionTimestamp !== undefined) this.#forget()
      return
    }
    this.#checkTermination(pod)
    this.#wake('update')
  }

  /** The API has forgotten the pod. */
  remove(): void {
    this.#removed = true
    if (this.#phase === 'finished') this.#forget()
    else void this.terminate(undefined)
  }

  /** The pod is to end, in so many seconds where given. Resolves when nothing of it runs any more. */
  terminate(graceSeconds: number | undefined): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#beginTermination(graceSeconds)
    this.#wake('kill')
    return ended
  }

  /** Something the pod depends on has changed. */
  poke(): void {
    if (this.#phase !== 'finished') this.#wake('sync')
  }

  /** Leaves everything as it is. */
  stop(): void {
    this.#stopped = true
    this.#retry?.()
    this.#deadline?.()
    this.#round.abort()
  }

  #checkTermination(pod: Pod): void {
    const isEnding = pod.metadata.deletionTimestamp !== undefined || isTerminalPhase(pod.status?.phase)
    if (isEnding) this.#beginTermination(undefined)
  }

  #beginTermination(graceSeconds: number | undefined): void {
    const before = this.#grace
    this.#grace = this.#effectiveGrace(graceSeconds)
    if (this.#phase === 'sync') {
      this.#phase = 'terminating'
      this.#round.abort()
    } else if (this.#phase === 'terminating' && before !== 0 && this.#grace < before) {
      this.#round.abort()
    } else if (this.#phase === 'terminated' || this.#phase === 'finished') {
      this.#tellEnded()
    }
  }

  /** The shortest of what was ever asked for. */
  #effectiveGrace(asked: number | undefined): number {
    const wishes = [this.#pod.metadata.deletionGracePeriodSeconds, asked, this.#grace === 0 ? undefined : this.#grace]
    const given = wishes.filter((wish) => wish !== undefined)
    const grace =
      given.length > 0 ? Math.min(...given) : (specOf(this.#pod).terminationGracePeriodSeconds ?? leastGrace)
    return Math.max(leastGrace, grace)
  }

  #wake(why: RoundReason): void {
    if (this.#hasBegun && !this.#dirty) this.#why = why
    this.#dirty = true
    if (this.#running || this.#stopped) return
    this.#running = true
    void this.#work()
  }

  async #work(): Promise<void> {
    while (this.#dirty && !this.#stopped && this.#phase !== 'finished') {
      this.#dirty = false
      this.#retry?.()
      this.#retry = undefined
      this.#round = new AbortController()
      const why = this.#why
      const count = this.#beginCount()
      try {
        await this.#timed(why)
        this.#failed = 0
      } catch (error) {
        if (this.#round.signal.aborted) this.#dirty = true
        else this.#onFailure(error)
      }
      count()
    }
    this.#running = false
  }

  /** Times a round of work; the returned function ends that. */
  #beginCount(): () => void {
    const { clock, metrics } = this.#services
    const began = clock.monotonic()
    const why = this.#phase === 'terminated' ? 'terminated' : this.#why
    if (!this.#hasBegun) metrics.pods.workerStarted(this.#pod, metrics.starts.since(uidOf(this.#pod)))
    this.#hasBegun = true
    this.#why = 'sync'
    return () => metrics.pods.roundEnded(why, clock.monotonic() - began)
  }

  #timed(why: RoundReason): Promise<void> {
    const { tracer } = this.#services
    if (!tracer || this.#phase === 'finished') return this.#once()
    return tracedRound(tracer, this.#phase, this.#pod, why, () => this.#once())
  }

  async #once(): Promise<void> {
    const services = this.#services
    const { allocations } = services
    const pod = this.#phase === 'sync' ? allocations.consider(this.#pod) : allocations.applied(this.#pod)
    const { signal } = this.#round
    const shared = { pod, signal, failures: this.#failures, runtimeHandler: this.#handler ?? '' }
    switch (this.#phase) {
      case 'sync': {
        this.#handler ??= await this.#lookUpHandler(pod)
        this.#armDeadline(pod)
        const outcome = await syncPod(services, { ...shared, runtimeHandler: this.#handler ?? '' })
        if (this.#phase !== 'sync') return
        if (outcome.isTerminal) {
          this.#phase = 'terminating'
          this.#grace = this.#effectiveGrace(undefined)
          this.#dirty = true
        } else if (outcome.retry !== undefined) {
          this.#retryAt(outcome.retry)
        }
        return
      }
      case 'terminating':
        await terminatePod(services, { ...shared, grace: this.#grace })
        this.#phase = 'terminated'
        this.#dirty = true
        this.#tellEnded()
        return
      case 'terminated':
        await finishPod(services, pod, this.#failures, this.#handler ?? '')
        this.#phase = 'finished'
        this.#deadline?.()
        if (this.#removed || pod.metadata.deletionTimestamp !== undefined) this.#forget()
        return
      case 'finished':
    }
  }

  /** A class that can't be found shows when the sandbox is made. */
  async #lookUpHandler(pod: Pod): Promise<string | undefined> {
    try {
      return await this.#services.runtimeHandler(pod)
    } catch {
      return undefined
    }
  }

  #retryAt(at: number | 'soon'): void {
    const { clock } = this.#services
    const ms = at === 'soon' ? longestRetryMs : Math.max(0, at - clock.now())
    this.#retry?.()
    this.#retry = clock.timer(ms, () => this.#wake('sync'))
  }

  #onFailure(error: unknown): void {
    const { log, clock } = this.#services
    log.warn('A round of work on a pod failed', { pod: formatPod(this.#pod), phase: this.#phase, error })
    const ms = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failed)
    this.#failed++
    this.#retry?.()
    this.#retry = clock.timer(ms, () => this.#wake('sync'))
  }

  /** Looks at the pod again when its active deadline passes. */
  #armDeadline(pod: Pod): void {
    const seconds = specOf(pod).activeDeadlineSeconds
    this.#deadline?.()
    this.#deadline = undefined
    if (seconds === undefined) return
    const { clock, statuses } = this.#services
    const startTime = statuses.get(uidOf(pod))?.startTime ?? pod.status?.startTime
    const started = startTime === undefined ? clock.now() : millisOf(parseTime(startTime))
    const left = started + seconds * 1000 - clock.now()
    if (left > 0) this.#deadline = clock.timer(left, () => this.#wake('sync'))
  }

  #tellEnded(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #forget(): void {
    if (this.#forgetting === 'done' && this.#removed) this.#hooks.gone(uidOf(this.#pod))
    if (this.#forgetting !== undefined) return
    this.#forgetting = 'underway'
    const { log } = this.#services
    forgetPod(this.#services, this.#pod)
      .then(
        () => (this.#forgetting = 'done'),
        (error: unknown) => {
          this.#forgetting = undefined
          log.warn('What is left of a pod could not be removed', { pod: formatPod(this.#pod), error })
        },
      )
      .finally(() => {
        // Until then others would take what is left for that of an unknown pod.
        if (this.#removed) this.#hooks.gone(uidOf(this.#pod))
      })
      .catch(() => {})
  }
}
