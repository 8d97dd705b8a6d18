/** A task that many ask for: whoever asks while it runs gets the next run, which begins after they asked. */
export class SharedRun {
  readonly #task: () => Promise<void>
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(task: () => Promise<void>) {
    this.#task = task
  }

  run(): Promise<void> {
    if (!this.#running) return this.#start()
    const again = (): Promise<void> => this.#start()
    return (this.#next ??= this.#running.then(again, again))
  }

  #start(): Promise<void> {
    this.#next = undefined
    const run = this.#task()
    const end = (): void => {
      if (this.#running === run) this.#running = undefined
    }
    this.#running = run
    run.then(end, end)
    return run
  }
}
