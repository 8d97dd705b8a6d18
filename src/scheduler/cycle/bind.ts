import { defer, messageOf } from '#base'
import type { Deferred, Logger } from '#base'
import type { Cache } from '../cache/cache.ts'
import type { Extenders } from '../extenders/extenders.ts'
import { failed } from '../framework/status.ts'
import type { Status } from '../framework/status.ts'
import type { Nominator } from '../queue/nominator.ts'
import type { SchedulingQueue } from '../queue/queue.ts'
import type { Attempt } from './attempt.ts'
import type { Failures } from './failures.ts'
import type { Reporter } from './report.ts'
import type { WaitingPods } from './waiting.ts'

export interface BinderOptions {
  readonly cache: Cache
  readonly extenders: Extenders
  readonly failures: Failures
  readonly log: Logger
  readonly nominator: Nominator
  readonly queue: SchedulingQueue
  readonly reporter: Reporter
  readonly waiting: WaitingPods
  /** Hears of every binding that ends. */
  readonly ended: () => void
}

/** Brings pods onto nodes: from the decision on a pod is taken to be there, and is bound while others are decided. */
export class Binder {
  readonly #options: BinderOptions
  #active = 0
  #next: Deferred<void> | undefined

  constructor(options: BinderOptions) {
    this.#options = options
  }

  /** Bindings under way. */
  get active(): number {
    return this.#active
  }

  /** Resolves when a binding ends. */
  next(): Promise<void> {
    this.#next = defer()
    return this.#next.promise
  }

  /** Takes the pod to be on its node, and binds it there without waiting. */
  commit(attempt: Attempt, node: string): void {
    const { cache, nominator, failures } = this.#options
    const { framework, cycle } = attempt
    const { info } = attempt.queued
    cache.assume(info, node)
    nominator.remove(info.uid)
    const refused = framework.reserve(cycle, info, node)
    if (refused) {
      failures.takeBack(attempt, node, refused)
      return
    }
    const limits = new Map<string, number>()
    for (const plugin of framework.plugins.permit) {
      const outcome = plugin.permit?.(cycle, info, node)
      if (!outcome) continue
      if ('status' in outcome) {
        failures.takeBack(attempt, node, outcome.status)
        return
      }
      limits.set(plugin.name, outcome.waitMs)
    }
    this.#active++
    void this.#bind(attempt, node, limits)
  }

  /** @param limits milliseconds for which plugins hold the pod, by their names */
  async #bind(attempt: Attempt, node: string, limits: ReadonlyMap<string, number>): Promise<void> {
    const { failures, log, queue, reporter, waiting, ended } = this.#options
    const { framework, queued, cycle, signal } = attempt
    const { info } = queued
    try {
      if (limits.size > 0) {
        const refused = await waiting.hold(info.uid, limits)
        if (refused) {
          failures.takeBack(attempt, node, refused)
          return
        }
      }
      // From here on nothing can make the pod unschedulable, so it need not hear of events.
      queue.done(info.uid)
      const status = await this.#write(attempt, node, limits.size > 0)
      if (signal.aborted) return
      if (status) {
        failures.takeBack(attempt, node, status)
        return
      }
      reporter.scheduled(framework.name, info.pod, node)
    } catch (error) {
      if (signal.aborted) return
      log.error('Binding failed', { pod: `${info.namespace}/${info.name}`, node, error })
      failures.takeBack(attempt, node, failed('', messageOf(error)))
      return
    } finally {
      this.#active--
      this.#next?.resolve()
      ended()
    }
    for (const plugin of framework.plugins.postBind) plugin.postBind?.(cycle, info, node)
  }

  /**
   * Does what must be done before a pod is bound, and binds it. Resolves with why that failed.
   *
   * @param waited the pod was held in Permit. Where binding takes its time, others are told the node beforehand.
   */
  async #write(attempt: Attempt, node: string, waited: boolean): Promise<Status | undefined> {
    const { extenders, reporter } = this.#options
    const { framework, queued, cycle, signal } = attempt
    const pod = queued.info
    const { preBind, bind } = framework.plugins
    const needed = preBind.filter((plugin) => plugin.needsPreBind?.(cycle, pod) ?? true)
    if (needed.length > 0 || waited) {
      await reporter.nominated(pod.pod, node, signal)
      for (const plugin of needed) {
        const status = await plugin.preBind?.(cycle, pod, node, signal)
        if (status) return status
      }
    }
    const byExtender = await extenders.bind(pod.pod, node, signal)
    if (byExtender !== 'nobody') return byExtender
    for (const plugin of bind) {
      const status = await plugin.bind?.(cycle, pod, node, signal)
      if (status?.code !== 'Skip') return status
    }
    return failed('', `no bind plugin took pod ${pod.namespace}/${pod.name}`)
  }
}
