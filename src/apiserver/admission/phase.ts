import type { Clock } from '#base'
import type { Histogram } from '#machinery'
import type { Endpoint } from '../resource/resource.ts'
import type { AdmissionAttributes, AdmissionPlugin, AdmissionTiming, Operation } from './admission.ts'

type Type = 'admit' | 'validate'

/** A plugin that looks at a resource. */
interface Step {
  readonly name: string
  readonly ask: (attributes: AdmissionAttributes) => void | Promise<void>
  readonly taken: Histogram | undefined
}

/** What becomes of requests for one resource. */
interface Steps {
  readonly asked: readonly Step[]
  /** The times of those who don't look at the resource: it takes them none. */
  readonly passed: readonly Histogram[]
}

/** One phase of admission for one operation: the plugins that take part in it, in turn. */
export class Phase {
  readonly #plugins: readonly AdmissionPlugin[]
  readonly #type: Type
  readonly #operation: Operation
  readonly #timing: AdmissionTiming | undefined
  /** Of requests that the whole phase let through. */
  readonly #through: Histogram | undefined
  readonly #stepsOf = new WeakMap<Endpoint, Steps>()

  constructor(
    plugins: readonly AdmissionPlugin[],
    type: Type,
    operation: Operation,
    timing: AdmissionTiming | undefined,
  ) {
    this.#plugins = plugins.filter((plugin) => plugin.operations.includes(operation) && type in plugin)
    this.#type = type
    this.#operation = operation
    this.#timing = timing
    this.#through = timing?.metrics.step(type, operation, false)
  }

  /** Asks the plugins; answers at once unless one of them needs a wait. @throws what they refuse by */
  run(attributes: AdmissionAttributes): void | Promise<void> {
    const { asked, passed } = this.#of(attributes.endpoint)
    for (const taken of passed) taken.observe(0)
    return this.#ask(asked, 0, attributes, this.#timing && new Times(this.#timing.clock))
  }

  #of(endpoint: Endpoint): Steps {
    let known = this.#stepsOf.get(endpoint)
    if (!known) this.#stepsOf.set(endpoint, (known = this.#stepsFor(`${endpoint.group}/${endpoint.plural}`)))
    return known
  }

  #stepsFor(resource: string): Steps {
    const asked: Step[] = []
    const passed: Histogram[] = []
    for (const plugin of this.#plugins) {
      const { name, resources } = plugin
      const taken = this.#timing?.metrics.plugin(name, this.#type, this.#operation, false)
      if (!resources || resources.includes(resource)) {
        asked.push({ name, taken, ask: (attributes) => plugin[this.#type]?.(attributes) })
      } else if (taken) passed.push(taken)
    }
    return { asked, passed }
  }

  #ask(
    steps: readonly Step[],
    from: number,
    attributes: AdmissionAttributes,
    times: Times | undefined,
  ): void | Promise<void> {
    let index = from
    try {
      for (; index < steps.length; index++) {
        const step = steps[index] as Step
        const done = step.ask(attributes)
        if (done) return this.#wait(done, steps, index, attributes, times)
        if (times) step.taken?.observe(times.lap())
      }
    } catch (error) {
      this.#refused(steps[index], times)
      throw error
    }
    if (times) this.#through?.observe(times.sinceBegin)
  }

  /** Waits for one step, then goes on with those behind it. */
  async #wait(
    done: Promise<void>,
    steps: readonly Step[],
    index: number,
    attributes: AdmissionAttributes,
    times: Times | undefined,
  ): Promise<void> {
    try {
      await done
    } catch (error) {
      this.#refused(steps[index], times)
      throw error
    }
    if (times) steps[index]?.taken?.observe(times.lap())
    await this.#ask(steps, index + 1, attributes, times)
  }

  #refused(step: Step | undefined, times: Times | undefined): void {
    if (!step || !times || !this.#timing) return
    const { metrics } = this.#timing
    metrics.plugin(step.name, this.#type, this.#operation, true).observe(times.lap())
    metrics.step(this.#type, this.#operation, true).observe(times.sinceBegin)
  }
}

/** Times of one request in one phase, in seconds. */
class Times {
  readonly #clock: Clock
  readonly #begun: number
  #last: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#begun = clock.monotonic()
    this.#last = this.#begun
  }

  /** Since the last lap. */
  lap(): number {
    const before = this.#last
    this.#last = this.#clock.monotonic()
    return (this.#last - before) / 1000
  }

  /** From the beginning to the last lap. */
  get sinceBegin(): number {
    return (this.#last - this.#begun) / 1000
  }
}
