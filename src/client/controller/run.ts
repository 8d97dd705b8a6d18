import { aborted, sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { KubeObject } from '#machinery'
import type { Client } from '../client.ts'
import type { EventBroadcaster } from '../events/recorder.ts'
import type { InformerFactory } from '../informer/factory.ts'
import type { Informer } from '../informer/informer.ts'
import { exponentialLimiter } from '../queue/rate-limiter.ts'
import { createWorkQueue } from '../queue/work-queue.ts'
import type { WorkQueue, WorkQueueMetrics } from '../queue/work-queue.ts'
import { Backoff } from '../wait/backoff.ts'
import type { Controller, ControllerDescriptor } from './controller.ts'
import { checkControllers } from './registration.ts'
import { reconcileKey } from './reconcile.ts'
import type { ReconcileMetrics } from './reconcile.ts'

/** Told what a controller does. */
export interface ControllerMetrics {
  readonly queue?: WorkQueueMetrics
  readonly reconcile?: ReconcileMetrics
}

/** What controllers run in. Informers and events are components of their own, which someone else starts. */
export interface RunControllersContext<O> {
  readonly informers: InformerFactory
  readonly events: EventBroadcaster
  /** Each controller has a client of its own, and with it an identity: that of a service account of `kube-system`. */
  clientFor(serviceAccount: string): Client
  readonly clock: Clock
  readonly log: Logger
  readonly options: O
  metricsFor?(controller: string): ControllerMetrics
}

/**
 * Runs controllers until the signal aborts; resolves when all have come to rest. Each begins to reconcile when the
 * informers that it uses have synced. A controller that throws while it works harms nobody: the key is tried again.
 *
 * @throws Error before anything runs, when the controllers don't fit together or one can't be made.
 */
export async function runControllers<O>(
  descriptors: readonly ControllerDescriptor<O>[],
  context: RunControllersContext<O>,
  signal: AbortSignal,
): Promise<void> {
  checkControllers(descriptors)
  const runners = descriptors.map((descriptor) => new Runner(descriptor, context))
  await Promise.all(runners.map((runner) => runner.run(signal)))
}

/** A worker that finds keys without end lets others have their turn after so many milliseconds. */
const turnMs = 10

const restart = { initialMs: 1000, maxMs: 60_000, factor: 2, jitter: 0.5, resetMs: 120_000 }

class Runner<O> {
  readonly #controller: Controller
  readonly #queue: WorkQueue<string>
  readonly #used = new Set<Informer<KubeObject>>()
  readonly #informers: Pick<InformerFactory, 'informer'>
  readonly #clock: Clock
  readonly #log: Logger
  readonly #metrics: ControllerMetrics

  constructor(descriptor: ControllerDescriptor<O>, context: RunControllersContext<O>) {
    const { name, eventSource = name, serviceAccount = name, retry } = descriptor
    const { clock, informers, events, options } = context
    this.#clock = clock
    this.#log = context.log.with({ controller: name })
    this.#metrics = context.metricsFor?.(name) ?? {}
    this.#queue = createWorkQueue({
      clock,
      ...(this.#metrics.queue ? { metrics: this.#metrics.queue } : {}),
      ...(retry ? { rateLimiter: exponentialLimiter(retry.firstMs, retry.mostMs) } : {}),
    })
    this.#informers = {
      informer: (resource, scope) => {
        const informer = informers.informer(resource, scope)
        this.#used.add(informer as object as Informer<KubeObject>)
        return informer
      },
    }
    this.#controller = descriptor.create({
      client: context.clientFor(serviceAccount),
      informers: this.#informers,
      queue: this.#queue,
      clock,
      log: this.#log,
      events: events.recorder({ component: eventSource }),
      options,
    })
  }

  async run(signal: AbortSignal): Promise<void> {
    const { watches = [], concurrency = 1 } = this.#controller
    const add = (key: string, priority: number): void => this.#queue.add(key, priority)
    const detach = watches.map((watch) => watch.attach(this.#informers, add))
    const end = aborted(signal)
    try {
      this.#log.info('Starting controller')
      await Promise.race([this.#synced(signal), end.promise])
      if (signal.aborted) return
      const workers = Array.from({ length: concurrency }, () => this.#work(signal))
      if (this.#controller.run) workers.push(this.#runOn(signal))
      await end.promise
      this.#queue.shutDown()
      await Promise.all(workers)
    } finally {
      end.cancel()
      this.#queue.shutDown()
      for (const each of detach) each()
      this.#log.info('Controller stopped')
    }
  }

  async #synced(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#used].map((informer) => informer.synced(signal).catch(() => {})))
    this.#log.debug('Caches are synced')
  }

  async #work(signal: AbortSignal): Promise<void> {
    let turn = this.#clock.monotonic()
    while (!signal.aborted) {
      const key = this.#queue.tryGet() ?? (await this.#queue.get())
      if (key === undefined || signal.aborted) return
      await reconcileKey(this.#controller, this.#queue, key, {
        clock: this.#clock,
        log: this.#log,
        signal,
        metrics: this.#metrics.reconcile,
      })
      if (this.#clock.monotonic() - turn < turnMs) continue
      await sleep(this.#clock, 0)
      turn = this.#clock.monotonic()
    }
  }

  async #runOn(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#clock, restart)
    while (!signal.aborted) {
      try {
        await this.#controller.run?.(signal)
        return
      } catch (error) {
        if (signal.aborted) return
        this.#log.error('Controller failed, starting it again', { error })
      }
      await sleep(this.#clock, backoff.next(), signal).catch(() => {})
    }
  }
}
