import { sleep } from '#base'
import type { Clock } from '#base'
import type { RuntimeStatus, RuntimeVersion } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'

export interface RuntimeStateOptions {
  readonly runtime: ContainerRuntime
  readonly clock: Clock
  /** What the state says has changed. */
  readonly changed: () => void
}

/** Milliseconds between two looks: while the runtime is not ready, and while it is. */
const eagerMs = 50
const calmMs = 5000
/** A runtime that has been eager to come up for so long is looked at calmly. */
const eagerForMs = 30_000
/** Milliseconds without an answer after which the runtime counts as down. */
const downAfterMs = 30_000

/** Whether the runtime and the pods' network are up. */
export class RuntimeState {
  readonly #options: RuntimeStateOptions
  version: RuntimeVersion | undefined
  status: RuntimeStatus | undefined
  /** Monotonic milliseconds of the last answer. */
  #answeredAt: number | undefined
  #wasReady = false

  constructor(options: RuntimeStateOptions) {
    this.#options = options
  }

  /** Asks the runtime once. Returns whether everything is up. */
  async look(): Promise<boolean> {
    const { runtime, clock } = this.#options
    try {
      this.version ??= await runtime.version()
      this.status = await runtime.status()
      if (this.#condition('RuntimeReady')) this.#answeredAt = clock.monotonic()
    } catch {
      // That there was no answer shows in the time of the last one.
    }
    const isReady = this.problems().length === 0
    if (isReady !== this.#wasReady) this.#options.changed()
    this.#wasReady = isReady
    return isReady
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    let eagerUntil = clock.monotonic() + eagerForMs
    while (!signal.aborted) {
      const isReady = await this.look()
      if (isReady) eagerUntil = clock.monotonic() + eagerForMs
      const isEager = !isReady && clock.monotonic() < eagerUntil
      await sleep(clock, isEager ? eagerMs : calmMs, signal).catch(() => {})
    }
  }

  /** Why pods can't run here, in the words of the node's Ready condition. */
  problems(): string[] {
    return [this.#runtimeProblem(), this.networkProblem()].filter((problem) => problem !== undefined)
  }

  #runtimeProblem(): string | undefined {
    if (this.#answeredAt === undefined) return 'container runtime status check may not have completed yet'
    const silence = this.#options.clock.monotonic() - this.#answeredAt
    return silence > downAfterMs ? 'container runtime is down' : undefined
  }

  networkProblem(): string | undefined {
    if (!this.status || this.#condition('NetworkReady')) return undefined
    const { reason = '', message = '' } = this.status.conditions.find(({ type }) => type === 'NetworkReady') ?? {}
    return `container runtime network not ready: NetworkReady=false reason:${reason} message:${message}`
  }

  #condition(type: string): boolean {
    return this.status?.conditions.find((condition) => condition.type === type)?.status ?? false
  }
}
