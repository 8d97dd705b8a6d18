import { defer, Latch, messageOf, sleep } from '#base'
import type { Clock, Deferred, Logger } from '#base'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { createSeriesBroadcaster } from '#client'
import type { SeriesBroadcaster, SeriesRecorder } from '#client'
import { Cache } from './cache/cache.ts'
import { ConfigError } from './config/types.ts'
import { bindPod } from './cycle/bind.ts'
import { Failures, nobody, placedOn } from './cycle/failures.ts'
import { NodeFinder } from './cycle/find-nodes.ts'
import type { Found } from './cycle/find-nodes.ts'
import { NodeRanker } from './cycle/rank-nodes.ts'
import { Reporter } from './cycle/report.ts'
import { WaitingPods } from './cycle/waiting.ts'
import { DecisionLog } from './decisions/decision.ts'
import { explainWaiting } from './decisions/explain.ts'
import type { Explanation } from './decisions/explain.ts'
import { consult } from './extenders/consult.ts'
import { Extender } from './extenders/extender.ts'
import { CycleState } from './framework/cycle-state.ts'
import { assignedPodDeleted } from './framework/events.ts'
import type { Framework } from './framework/framework.ts'
import { failed, StatusTable } from './framework/status.ts'
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
  readonly #log: Logger
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
  readonly #extenders: readonly Extender[]
  readonly #events: SeriesBroadcaster
  /** Everything that is read must be known before the first pod is decided. */
  readonly #used: { synced(signal?: AbortSignal): Promise<void> }[] = []
  readonly #ready = new Latch()
  /** Bindings under way. */
  #bindings = 0
  #bindingEnded: Deferred<void> | undefined

  constructor(options: SchedulerOptions) {
    const { client, clock, log, host = '' } = options
    this.#options = options
    this.#clock = clock
    this.#log = log
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
    this.#extenders = openExtenders(options)
    const profiles = createProfiles({
      ...options,
      extenders: this.#extenders,
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
      if (this.#bindings >= maxBindings) {
        this.#bindingEnded = defer()
        await this.#bindingEnded.promise
      }
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
      if (this.#reporter.backlog > 0 && this.#bindings < fewBindings) {
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
    const cycle = new CycleState()
    try {
      if (this.#cache.nodes.count === 0) {
        this.#failures.failed(
          framework,
          queued,
          'Unschedulable',
          'no nodes available to schedule pods',
          nobody,
          '',
          signal,
        )
        return undefined
      }
      const found = this.#finder.find(framework, info, cycle)
      const asked = this.#extenders.some((extender) => extender.isInterestedIn(pod))
      if (asked && found.count > 0) return this.#consult(framework, queued, cycle, found, signal)
      return this.#settle(framework, queued, cycle, found, signal)
    } catch (error) {
      this.#failures.broken(framework, queued, error, signal)
    }
    return undefined
  }

  /** Goes with what was found. The promise is there where making room takes a while. */
  #settle(
    framework: Framework,
    queued: QueuedPod,
    cycle: CycleState,
    found: Found,
    signal: AbortSignal,
    extra?: ReadonlyMap<number, number>,
  ): Promise<void> | undefined {
    if (found.count === 0) {
      const making = this.#failures.noFit(framework, queued, cycle, found.diagnosis(), signal)
      return making?.catch((error: unknown) => {
        if (!signal.aborted) this.#failures.broken(framework, queued, error, signal)
      })
    }
    const node = this.#choose(framework, queued, cycle, found, extra)
    this.#commit(framework, queued, cycle, node, signal)
    return undefined
  }

  /** Lets extenders have their say. Meanwhile no other pod is decided. */
  async #consult(
    framework: Framework,
    queued: QueuedPod,
    cycle: CycleState,
    found: Found,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const all = found.slots.slice(0, found.list())
      const diagnosis = found.diagnosis()
      const { nodes } = this.#cache
      const { slots, against, scores } = await consult(this.#extenders, nodes, queued.info, all, this.#log, signal)
      for (const [node, status] of against) diagnosis.refuse(node, status)
      // Nodes may have gone while extenders were thinking.
      const left = slots.filter((slot) => nodes.alive[slot] === 1)
      const { evaluated } = found
      const rest: Found = {
        slots: left,
        count: left.length,
        evaluated,
        list: () => left.length,
        diagnosis: () => diagnosis,
      }
      await this.#settle(framework, queued, cycle, rest, signal, scores)
    } catch (error) {
      if (!signal.aborted) this.#failures.broken(framework, queued, error, signal)
    }
  }

  /** The best of the nodes that will do. */
  #choose(
    framework: Framework,
    { info }: QueuedPod,
    cycle: CycleState,
    found: Found,
    extra?: ReadonlyMap<number, number>,
  ): string {
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

  /** Takes the pod to be on its node, and binds it there without waiting. */
  #commit(framework: Framework, queued: QueuedPod, cycle: CycleState, node: string, signal: AbortSignal): void {
    const { info } = queued
    this.#cache.assume(info, node)
    this.#nominator.remove(info.uid)
    const refused = framework.reserve(cycle, info, node)
    if (refused) {
      this.#failures.takeBack(framework, queued, cycle, node, refused, signal)
      return
    }
    const limits = new Map<string, number>()
    for (const plugin of framework.plugins.permit) {
      const outcome = plugin.permit?.(cycle, info, node)
      if (!outcome) continue
      if ('status' in outcome) {
        this.#failures.takeBack(framework, queued, cycle, node, outcome.status, signal)
        return
      }
      limits.set(plugin.name, outcome.waitMs)
    }
    this.#bindings++
    void this.#bind(framework, queued, cycle, node, limits, signal)
  }

  async #bind(
    framework: Framework,
    queued: QueuedPod,
    cycle: CycleState,
    node: string,
    limits: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ): Promise<void> {
    const { info } = queued
    try {
      if (limits.size > 0) {
        const refused = await this.#waiting.hold(info.uid, limits)
        if (refused) {
          this.#failures.takeBack(framework, queued, cycle, node, refused, signal)
          return
        }
      }
      // From here on nothing can make the pod unschedulable, so it need not hear of events.
      this.#queue.done(info.uid)
      const status = await bindPod(
        framework,
        this.#reporter,
        this.#extenders,
        cycle,
        info,
        node,
        limits.size > 0,
        signal,
      )
      if (signal.aborted) return
      if (status) {
        this.#failures.takeBack(framework, queued, cycle, node, status, signal)
        return
      }
      this.#reporter.scheduled(framework.name, info.pod, node)
    } catch (error) {
      if (signal.aborted) return
      this.#log.error('Binding failed', { pod: `${info.namespace}/${info.name}`, node, error })
      const status = failed('', messageOf(error))
      this.#failures.takeBack(framework, queued, cycle, node, status, signal)
      return
    } finally {
      this.#bindings--
      this.#bindingEnded?.resolve()
      // The last ones to be bound set the events going.
      if (this.#bindings < fewBindings) this.#ready.set()
    }
    for (const plugin of framework.plugins.postBind) plugin.postBind?.(cycle, info, node)
  }

  /** A pod that was thought to be on a node is being deleted before it was bound. */
  #assumedPodGone(uid: string): void {
    const placed = this.#cache.getPod(uid)
    if (!placed) return
    if (!this.#waiting.reject(uid, '', 'removed')) this.#cache.forget(uid)
    this.#queue.moveAll(assignedPodDeleted, placedOn(placed.info.pod, placed.node), undefined)
  }
}
