import type { Clock, Logger } from '#base'
import type { LifeMetrics } from '../metrics/life-metrics.ts'
import type { Checkpoints } from '../seams/checkpoints.ts'

export interface ShutdownJournalOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly checkpoints: Checkpoints
  readonly metrics: Pick<LifeMetrics, 'shutDown'>
}

const file = 'graceful_node_shutdown_state'

/** When pods were last ended because the machine went down, which only the next agent can tell. */
export class ShutdownJournal {
  readonly #options: ShutdownJournalOptions

  constructor(options: ShutdownJournalOptions) {
    this.#options = options
  }

  /** Takes up what a former agent has left. */
  async load(): Promise<void> {
    const { checkpoints, log, metrics } = this.#options
    try {
      const text = await checkpoints.read(file)
      if (text === undefined) return
      const { startTime, endTime } = JSON.parse(text) as { readonly startTime?: string; readonly endTime?: string }
      metrics.shutDown(millisOf(startTime), millisOf(endTime))
    } catch (error) {
      log.warn('When the machine was last shut down is not known', { error })
    }
  }

  /** Pods begin to end. @returns is called when they have. */
  async begin(): Promise<() => Promise<void>> {
    const began = this.#options.clock.now()
    await this.#note(began, 0)
    return () => this.#note(began, this.#options.clock.now())
  }

  async #note(began: number, ended: number): Promise<void> {
    const { checkpoints, log, metrics } = this.#options
    metrics.shutDown(began, ended)
    const at = (ms: number): string => new Date(ms).toISOString()
    const state = { startTime: at(began), ...(ended === 0 ? {} : { endTime: at(ended) }) }
    try {
      await checkpoints.write(file, JSON.stringify(state))
    } catch (error) {
      log.warn('When the machine shuts down could not be noted', { error })
    }
  }
}

const millisOf = (text: string | undefined): number => (text === undefined ? 0 : Date.parse(text) || 0)
