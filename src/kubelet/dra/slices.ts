import { sleep } from '#base'
import type { CancelTimer, Clock, Logger } from '#base'
import { resourceslices } from '#api/resource/v1'
import { Backoff } from '#client'
import type { Client } from '#client'
import { isNotFound } from '#machinery'

/** Milliseconds that a driver has to come back before its devices are no longer offered. */
const graceMs = 30_000
/** Until a deletion that failed is tried again. */
const retry = { initialMs: 1000, maxMs: 300_000, factor: 2, jitter: 0.2 }

export interface SlicesOptions {
  readonly client: Client
  /** There is no API that has slices. */
  readonly isStandalone?: boolean
  readonly clock: Clock
  readonly log: Logger
  readonly nodeName: string
}

/** Takes ResourceSlices of the node away whose drivers are not there: pods would wait for these (KEP-4381). */
export class Slices {
  readonly #options: SlicesOptions
  /** Drivers whose slices are to go, until they are gone, and how to stop that. */
  readonly #missed = new Map<string, CancelTimer>()

  constructor(options: SlicesOptions) {
    this.#options = options
  }

  /** The driver can be called, or can't; its slices go when that lasts. */
  usable(driver: string, isUsable: boolean): void {
    if (isUsable) {
      this.#missed.get(driver)?.()
      this.#missed.delete(driver)
    } else if (!this.#missed.has(driver)) {
      const gone = new AbortController()
      const cancel = this.#options.clock.timer(graceMs, () => void this.#wipeMissed(gone.signal, driver))
      this.#missed.set(driver, () => {
        cancel()
        gone.abort()
      })
    }
  }

  async #wipeMissed(signal: AbortSignal, driver: string): Promise<void> {
    await this.wipe(signal, driver)
    if (!signal.aborted) this.#missed.delete(driver)
  }

  /** Deletes the node's slices, of one driver or of all, until it is done. */
  async wipe(signal: AbortSignal, driver?: string): Promise<void> {
    const { client, isStandalone = false, clock, log, nodeName } = this.#options
    const ofNode = `spec.nodeName=${nodeName}`
    const fieldSelector = driver === undefined ? ofNode : `spec.driver=${driver},${ofNode}`
    const backoff = new Backoff(clock, retry)
    if (isStandalone) return
    while (!signal.aborted) {
      try {
        await client.deleteCollection(resourceslices, {}, { fieldSelector })
        return
      } catch (error) {
        if (isNotFound(error)) return
        log.debug('ResourceSlices could not be deleted, will try again', { driver, error })
      }
      await sleep(clock, backoff.next(), signal).catch(() => {})
    }
  }

  stop(): void {
    for (const cancel of this.#missed.values()) cancel()
    this.#missed.clear()
  }
}
