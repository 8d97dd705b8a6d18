/** What has to be taken away again, last in first out, also when the bench fails or is interrupted. */
export class Cleanup {
  readonly #steps: (() => Promise<void> | void)[] = []
  #running: Promise<void> | undefined

  /**
   * @returns takes it away now, and not again later.
   * @throws Error when everything is being taken away already; this goes too.
   */
  add(step: () => Promise<void> | void): () => Promise<void> {
    if (this.#running) {
      void step()
      throw new Error('the bench was stopped')
    }
    this.#steps.push(step)
    return async () => {
      const index = this.#steps.indexOf(step)
      if (index < 0) return
      this.#steps.splice(index, 1)
      await step()
    }
  }

  /** Takes everything away. What fails is told and does not keep the rest from going. */
  run(): Promise<void> {
    this.#running ??= this.#runAll()
    return this.#running
  }

  async #runAll(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step()
      } catch (error) {
        console.error('Clean-up failed', error)
      }
    }
  }
}

/**
 * Runs work, and then takes away what it leaves; at once on an interrupt, on an error that nobody waits for, and when the
 * work waits for what can't come any more. Then the process ends.
 */
export async function withCleanup(work: (cleanup: Cleanup) => Promise<void>): Promise<void> {
  const cleanup = new Cleanup()
  const end = (code: number): void => void cleanup.run().then(() => process.exit(code))
  const interrupted = (signal: NodeJS.Signals): void => {
    console.error(`${signal}: stopping what runs`)
    end(130)
  }
  const failed = (error: unknown): void => {
    console.error(error)
    end(1)
  }
  const stuck = (): void => failed('nothing runs that the bench could wait for')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted)
  process.on('uncaughtException', failed).once('beforeExit', stuck)
  try {
    await work(cleanup)
  } finally {
    await cleanup.run()
    process.off('uncaughtException', failed).off('beforeExit', stuck)
  }
}
