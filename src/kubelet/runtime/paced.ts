import type { Clock } from '#base'
import type { ContainerRuntime } from './runtime.ts'

export interface PaceOptions {
  readonly clock: Clock
  /** Sandboxes and containers that are being made or started, below which another pod may begin. */
  readonly startsAtOnce: number
}

/** Milliseconds after which a call no longer holds up others: a runtime that hangs on one pod is slow for that pod only. */
const longestTurnMs = 2000

/**
 * A runtime in which only a few pods begin at a time. One that is asked for everything at once has hundreds of processes
 * contend for the same locks and caches: each pod then costs more, and the first is ready when the last one is. Pods that
 * have begun go on without waiting.
 */
export function pacedRuntime(runtime: ContainerRuntime, options: PaceOptions): ContainerRuntime {
  const pace = new Pace(options)
  const paced: Partial<ContainerRuntime> = {
    runPodSandbox: (config, handler) => pace.begin(() => runtime.runPodSandbox(config, handler)),
    createContainer: (sandboxId, config, sandboxConfig) =>
      pace.goOn(() => runtime.createContainer(sandboxId, config, sandboxConfig)),
    startContainer: (id) => pace.goOn(() => runtime.startContainer(id)),
  }
  return new Proxy(runtime, {
    get: (_, property) => {
      if (property in paced) return Reflect.get(paced, property)
      const value: unknown = Reflect.get(runtime, property)
      return typeof value === 'function' ? value.bind(runtime) : value
    },
  })
}

class Pace {
  readonly #options: PaceOptions
  readonly #waiting: (() => void)[] = []
  #underWay = 0

  constructor(options: PaceOptions) {
    this.#options = options
  }

  /** Makes a call when another pod may begin. */
  async begin<T>(call: () => Promise<T>): Promise<T> {
    if (this.#underWay < this.#options.startsAtOnce) return this.goOn(call)
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.#watch(call)
  }

  goOn<T>(call: () => Promise<T>): Promise<T> {
    this.#underWay++
    return this.#watch(call)
  }

  async #watch<T>(call: () => Promise<T>): Promise<T> {
    let counts = true
    const end = (): void => {
      if (counts) this.#end()
      counts = false
    }
    const cancel = this.#options.clock.timer(longestTurnMs, end)
    try {
      return await call()
    } finally {
      cancel()
      end()
    }
  }

  #end(): void {
    this.#underWay--
    if (this.#underWay >= this.#options.startsAtOnce) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#underWay++
    next()
  }
}
