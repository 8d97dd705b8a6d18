import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { ObjectReference, Pod } from '#api/core/v1'
import { formatDuration } from '#machinery'
import type { Refusal } from '../admission/fit.ts'
import { uidOf } from '../pods/containers.ts'
import type { ShutdownNotices } from '../seams/shutdown.ts'
import type { RecordEvent } from '../record-event.ts'
import type { PodVerdict } from '../status/generate.ts'
import { shutdownGrace, shutdownGroups, type ShutdownGroup, type ShutdownPeriod } from './groups.ts'

export interface ShutdownOptions {
  readonly notices: ShutdownNotices
  readonly periods: readonly ShutdownPeriod[]
  readonly clock: Clock
  readonly log: Logger
  readonly record: RecordEvent
  readonly node: ObjectReference
  readonly active: () => readonly Pod[]
  /** Ends a pod, whose verdict is known already; resolves when nothing of it runs. */
  readonly end: (uid: string, graceSeconds: number) => Promise<void>
  /** A shutdown has begun, or was called off. */
  readonly changed: () => void
  /** Pods begin to end; what it resolves with is called when they have. */
  readonly begun: () => Promise<() => Promise<void>>
}

/** Milliseconds between two attempts to hear of shutdowns. */
const reconnectMs = 1000
/** Milliseconds after which the longest delay is looked at again when it was to change. */
const delaySteps = [100, 200, 400, 800]

const message = 'Pod was terminated in response to imminent node shutdown.'
const verdict: PodVerdict = { reason: 'Terminated', message, disruption: message }

/** Gives pods time to end before the machine shuts down: the important ones last. */
export class ShutdownManager {
  readonly #options: ShutdownOptions
  /** Pods that end because of the shutdown. */
  readonly #ending = new Set<string>()
  #release: (() => Promise<void>) | undefined
  #isShuttingDown = false

  constructor(options: ShutdownOptions) {
    this.#options = options
  }

  /** Why the node is not ready. */
  problems(): readonly string[] {
    return this.#isShuttingDown ? ['node is shutting down'] : []
  }

  refusal(): Refusal | undefined {
    if (!this.#isShuttingDown) return undefined
    return { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' }
  }

  verdict(uid: string): PodVerdict | undefined {
    return this.#ending.has(uid) ? verdict : undefined
  }

  /** Forgets all pods but these. */
  keep(uids: ReadonlySet<string>): void {
    for (const uid of this.#ending) if (!uids.has(uid)) this.#ending.delete(uid)
  }

  /** Holds up shutdowns, and follows them until the signal. Does nothing where there is nobody who tells of them. */
  async run(signal: AbortSignal): Promise<void> {
    const { notices, clock, log } = this.#options
    let hasBegun = false
    try {
      while (!signal.aborted) {
        try {
          await this.#prepare()
          hasBegun = true
          for await (const begins of notices.follow(signal)) await this.#take(begins)
        } catch (error) {
          if (signal.aborted) return
          log.warn('Shutdowns of the machine will not be heard of', { error })
          if (!hasBegun) return
        }
        await sleep(clock, reconnectMs, signal).catch(() => undefined)
      }
    } finally {
      await this.#letGo()
      notices.close()
    }
  }

  async #prepare(): Promise<void> {
    const { notices, periods } = this.#options
    await notices.connect()
    const wanted = periods.reduce((sum, { shutdownGracePeriodSeconds: seconds }) => sum + seconds, 0) * 1000
    if ((await notices.longestDelay()) < wanted) await this.#allowDelay(wanted)
    await this.#hold()
  }

  async #allowDelay(wanted: number): Promise<void> {
    const { notices, clock } = this.#options
    await notices.allowDelay(wanted)
    let found = 0
    for (const ms of delaySteps) {
      found = await notices.longestDelay()
      if (found >= wanted) return
      await sleep(clock, ms)
    }
    const text = (ms: number): string => formatDuration(BigInt(ms) * 1_000_000n)
    throw new Error(`have shutdowns wait: they wait ${text(found)}, want ${text(wanted)}`)
  }

  async #hold(): Promise<void> {
    const before = this.#release
    this.#release = await this.#options.notices.hold()
    await before?.()
  }

  async #letGo(): Promise<void> {
    const release = this.#release
    this.#release = undefined
    await release?.()
  }

  async #take(begins: boolean): Promise<void> {
    const { record, node, changed, log } = this.#options
    const what = begins ? 'event' : 'cancellation'
    log.info('The machine shuts down, or does not after all', { begins })
    record(node, 'Normal', 'NodeShutdown', `Shutdown manager detected shutdown ${what}`)
    this.#isShuttingDown = begins
    changed()
    if (!begins) return this.#hold()
    const ended = await this.#options.begun()
    for (const group of shutdownGroups(this.#options.periods, this.#options.active())) await this.#endGroup(group)
    await ended()
    await this.#letGo()
  }

  /** Resolves when all of the group have ended, or when its time is up. */
  async #endGroup(group: ShutdownGroup): Promise<void> {
    const { clock, end, log } = this.#options
    const ends = group.pods.map((pod) => {
      this.#ending.add(uidOf(pod))
      return end(uidOf(pod), shutdownGrace(pod, group))
    })
    const over = new AbortController()
    const late = sleep(clock, group.shutdownGracePeriodSeconds * 1000, over.signal).then(
      () => log.warn('Pods have not ended in the time that a shutdown leaves them', { priority: group.priority }),
      () => undefined,
    )
    await Promise.race([Promise.allSettled(ends), late])
    over.abort()
  }
}
