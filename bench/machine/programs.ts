import type { Cleanup } from '../cleanup.ts'
import { Program } from './program.ts'
import type { ProgramOptions } from './program.ts'
import type { MeasuredProcess } from './processes.ts'

export interface StopOptions {
  readonly signal?: NodeJS.Signals
  /** After so many milliseconds it is killed. */
  readonly patienceMs?: number
}

/** Programs that belong together; from their start on, they go when the bench goes. */
export class Programs {
  readonly #cleanup: Cleanup
  readonly #started: Program[] = []
  readonly #stops: (() => Promise<void>)[] = []

  constructor(cleanup: Cleanup) {
    this.#cleanup = cleanup
  }

  start(options: ProgramOptions, { signal, patienceMs }: StopOptions = {}): Program {
    const program = new Program(options)
    this.#started.push(program)
    this.stopLater(() => program.stop(signal, patienceMs))
    return program
  }

  /** Has something stopped with the programs, in the order against that of the starts. */
  stopLater(step: () => Promise<void>): void {
    this.#stops.push(this.#cleanup.add(step))
  }

  get all(): readonly Program[] {
    return this.#started
  }

  get processes(): MeasuredProcess[] {
    return this.#started.map(({ name, pid }) => ({ name, pid }))
  }

  async stop(): Promise<void> {
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) await stop()
  }
}
