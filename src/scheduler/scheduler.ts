import { Latch, sleep } from '#base'
import type { Clock } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { createSeriesBroadcaster } from '#client'
import type { SeriesBroadcaster, SeriesRecorder } from '#client'
import { Cache } from './cache/cache.ts'
import { ConfigError } from './config/types.ts'
import type { Attempt } from './cycle/attempt.ts'
import { Binder } from './cycle/bind.ts'
import { Failures, placedOn } from './cycle/failures.ts'
import { NodeFinder } from './cycle/find-nodes.ts'
import type { Found } from './cycle/find-nodes.ts'
import { NodeRanker } from './cycle/rank-nodes.ts'
import { Reporter } from './cycle/report.ts'
import { WaitingPods } from './cycle/waiting.ts'
import { DecisionLog } from './decisions/decision.ts'
import { explainWaiting } from './decisions/explain.ts'
import type { Explanation } from './decisions/explain.ts'
import { Extender } from './extenders/extender.ts'
import { Extenders } from './extenders/extenders.ts'
import { CycleState } from './framework/cycle-state.ts'
import { assignedPodDeleted } from './framework/events.ts'
import type { Framework } from './framework/framework.ts'
import { StatusTable } from './framework/status.ts'
import { followCluster } from './handlers.ts'
import type { Scheduler, SchedulerOptions } from './options.ts'
import { createProfiles } from './profiles.ts'
import { Nominator } from './queue/nominator.ts'
import { SchedulingQueue } from './queue/queue.ts'
import type { QueuedPod } from './queue/queued-pod.ts'

export function createScheduler(options: SchedulerOptions): Scheduler {
  return new PodScheduler(options)
}

/** @throws ConfigError when there are extenders and no way to reach them. */
function openExtenders({ config, callExtender }: SchedulerOptions): readonly Extender[] {
  return (config?.extenders ?? []).map((extender) => {
    if (!callExtender)
      throw new ConfigError(`extender ${JSON.stringify(extender.urlPrefix)} can't be reached from here`)
    return new Extender(extender, callExtender)
  })
}

/** So long the scheduler decides without letting others have their turn, in milliseconds. */
const sliceMs = 5

/** Events that are sent while pods wait, and while none does. */
const eventsPerSlice = 2
const eventsWhenIdle = 50
/** Fewer bindings than this under way are hardly in the way of events. */
const fewBindings = 16

class PodScheduler implements Scheduler {
  readonly name = 'scheduler'
  readonly #options: SchedulerOptions
  readonly #clock: Clock
  readonly #cache = new Cache()
  readonly #statuses = new StatusTable()
  readonly #nominator = new Nominator((node) => this.#cache.nodes.touch(node))
  readonly #frameworks: ReadonlyMap<string, Framework>
  readonly #queue: SchedulingQueue
  readonly #finder: NodeFinder
  readonly #ranker: NodeRanker
  readonly #reporter: Reporter
  readonly #waiting: WaitingPods
  readonly #decisions: DecisionLog
  readonly #failures: Failures
  readonly #extenders: Extenders
  readonly #binder: Binder
  readonly #events: SeriesBroadcaster
  /** Everything that is read must be known before the first pod is decided. */
  readonly #used: { synced(signal?: AbortSignal): Promise<void> }[] = []
  readonly #ready = new Latch()

  constructor(options: SchedulerOptions) {
    const { client, clock, log, host = '' } = options
    this.#options = options
    this.#clock = clock
    this.#events = createSeriesBroadcaster({ client, clock, log })
    const recorders = new Map<string, SeriesRecorder>()
    const recorder = (name: string): SeriesRecorder => {
      let known = recorders.get(name)
      if (!known) recorders.set(name, (known = this.#events.recorder(name, host)))
      return known
    }
    this.#reporter = new Reporter({ client, clock, log, recorder })
    this.#waiting = new WaitingPods(clock)
    const informers: SchedulerOptions['informers'] = {
      informer: (resource, scope) => {
        const informer = options.informers.informer(resource, scope)
        this.#used.push(informer)
        return informer
      },
    }
    const extenders = openExtenders(options)
    this.#extenders = new Extenders(extenders, this.#cache.nodes, log)
    const profiles = createProfiles({
      ...options,
      extenders,
      informers,
      cache: this.#cache,
      statuses: this.#statuses,
      nominator: this.#nominator,
      recorder,
      activate: (activated) => this.#queue.activate(activated),
      rejectWaiting: (uid, plugin, message) => this.#waiting.reject(uid, plugin, message),
    })
    this.#frameworks = profiles.frameworks
    this.#queue = new SchedulingQueue({
      clock,
      shapes: this.#cache.shapes,
      nominator: this.#nominator,
      ...profiles.queue,
      ready: () => this.#ready.set(),
    })
    this.#finder = new NodeFinder(this.#cache.nodes, this.#statuses, this.#nominator)
    this.#ranker = new NodeRanker(this.#cache.nodes, clock)
    this.#decisions = new DecisionLog(this.#cache.nodes)
    this.#failures = new Failures({
      cache: this.#cache,
      clock,
      decisions: this.#decisions,
      log,
      nominator: this.#nominator,
      pods: informers.informer(pods).lister,
      queue: this.#queue,
      reporter: this.#reporter,
    })
    this.#binder = new Binder({
      cache: this.#cache,
      extenders: this.#extenders,
      failures: this.#failures,
      log,
      nominator: this.#nominator,
      queue: this.#queue,
      reporter: this.#reporter,
      waiting: this.#waiting,
      // The last ones to be bound set the events going.
      ended: () => this.#binder.active < fewBindings && this.#ready.set(),
    })
    followCluster({
      informers,
      cache: this.#cache,
      queue: this.#queue,
      resources: profiles.resources,
      isOurs: (name) => this.#frameworks.has(name),
      assumedPodGone: (uid) => this.#assumedPodGone(uid),
    })
  }

  get pending(): Scheduler['pending'] {
    return this.#queue.counts
  }

  explain(uid: string): Explanation | undefined {
    const decision = this.#decisions.get(uid)
    const queued = this.#queue.get(uid)
    if (queued) {
      const framework = this.#frameworks.get(queued.info.pod.spec?.schedulerName ?? '')
      return explainWaiting({ cache: this.#cache, framework, queued, decision })
    }
    const placed = this.#cache.getPod(uid)
    if (!placed) return undefined
    const { info, node } = placed
    return {
      namespace: info.namespace,
      name: info.name,
      uid,
      place: this.#cache.isAssumed(uid) ? 'being bound' : 'bound',
      node,
      attempts: 0,
      waitsFor: [],
      ...(decision ? { decision } : {}),
    }
  }

  async start(signal: AbortSignal): Promise<void> {
    const events = this.#events.start(signal)
    try {
      await Promise.all(this.#used.map((informer) => informer.synced(signal)))
      this.#queue.start(signal)
      await this.#run(signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
    await events
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { maxBindings = 512 } = this.#options
    let slice = this.#clock.monotonic()
    while (!signal.aborted) {
      if (this.#binder.active >= maxBindings) await this.#binder.next()
      if (this.#clock.monotonic() - slice > sliceMs) {
        this.#reporter.sendEvents(eventsPerSlice)
        await sleep(this.#clock, 0, signal)
        slice = this.#clock.monotonic()
      }
      const queued = this.#queue.pop()
      if (queued) {
        const consulting = this.#scheduleOne(queued, signal)
        if (consulting) await consulting
        continue
      }
      if (this.#reporter.backlog > 0 && this.#binder.active < fewBindings) {
        this.#reporter.sendEvents(eventsWhenIdle)
        // Lets those that were sent go through, and pods that come meanwhile go first.
        if (this.#reporter.backlog > 0) await sleep(this.#clock, 0, signal)
        slice = this.#clock.monotonic()
        continue
      }
      await this.#ready.wait(signal)
      slice = this.#clock.monotonic()
    }
  }

  /** Decides about a pod. The promise is there where extenders must be asked. */
  #scheduleOne(queued: QueuedPod, signal: AbortSignal): Promise<void> | undefined {
    const { info } = queued
    const { pod } = info
    const framework = this.#frameworks.get(pod.spec?.schedulerName ?? '')
    if (!framework || this.#skips(framework, info.uid, pod)) {
      this.#queue.done(info.uid)
      return undefined
    }
    const attempt: Attempt = { framework, queued, cycle: new CycleState(), signal }
    try {
      if (this.#cache.nodes.count === 0) {
        const message = 'no nodes available to schedule pods'
        this.#failures.failed(attempt, { reason: 'Unschedulable', message, nominated: '' })
        return undefined
      }
      const found = this.#finder.find(framework, info, attempt.cycle)
      if (found.count > 0 && this.#extenders.areInterestedIn(pod)) return this.#consult(attempt, found)
      return this.#settle(attempt, found)
    } catch (error) {
      this.#failures.broken(attempt, error)
    }
    return undefined
  }

  /** Goes with what was found. The promise is there where making room takes a while. @param extra scores, by slot */
  #settle(attempt: Attempt, found: Found, extra?: ReadonlyMap<number, number>): Promise<void> | undefined {
    if (found.count === 0) {
      const making = this.#failures.noFit(attempt, found.diagnosis())
      return making?.catch((error: unknown) => {
        if (!attempt.signal.aborted) this.#failures.broken(attempt, error)
      })
    }
    this.#binder.commit(attempt, this.#choose(attempt, found, extra))
    return undefined
  }

  /** Lets extenders have their say. Meanwhile no other pod is decided. */
  async #consult(attempt: Attempt, found: Found): Promise<void> {
    const { queued, signal } = attempt
    try {
      const all = found.slots.slice(0, found.list())
      const diagnosis = found.diagnosis()
      const { slots, against, scores } = await this.#extenders.consult(queued.info.pod, all, signal)
      for (const [node, status] of against) diagnosis.refuse(node, status)
      // Nodes may have gone while extenders were thinking.
      const left = slots.filter((slot) => this.#cache.nodes.alive[slot] === 1)
      const { evaluated } = found
      const rest: Found = {
        slots: left,
        count: left.length,
        evaluated,
        list: () => left.length,
        diagnosis: () => diagnosis,
      }
      await this.#settle(attempt, rest, scores)
    } catch (error) {
      if (!signal.aborted) this.#failures.broken(attempt, error)
    }
  }

  /** The best of the nodes that will do. */
  #choose({ framework, queued, cycle }: Attempt, found: Found, extra?: ReadonlyMap<number, number>): string {
    const { info } = queued
    const { count: feasible, evaluated } = found
    const ranked = feasible > 1 ? this.#ranker.best(framework, info, cycle, found, extra) : undefined
    if (!ranked) found.list()
    const node = this.#cache.nodes.at(ranked?.slot ?? found.slots[0]!)!.name
    const scores = ranked?.scores() ?? []
    const total = ranked?.total ?? 0
    this.#decisions.placed(info.uid, { time: this.#clock.now(), node, total, scores, feasible, evaluated })
    return node
  }

  #skips(framework: Framework, uid: string, pod: Pod): boolean {
    if (pod.metadata.deletionTimestamp !== undefined) {
      const { namespace = '', name = '' } = pod.metadata
      this.#reporter.failedScheduling(framework.name, pod, `skip schedule deleting pod: ${namespace}/${name}`)
      return true
    }
    return this.#cache.isAssumed(uid)
  }

  /** A pod that was thought to be on a node is being deleted before it was bound. */
  #assumedPodGone(uid: string): void {
    const placed = this.#cache.getPod(uid)
    if (!placed) return
    if (!this.#waiting.reject(uid, '', 'removed')) this.#cache.forget(uid)
    this.#queue.moveAll(assignedPodDeleted, placedOn(placed.info.pod, placed.node), undefined)
  }
}
