import { sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import type { CertificateStore } from './store.ts'

/** Longest wait between two looks: wall time may jump. */
const longestWait = 12 * 60 * 60 * 1000
/** Shortest one, so that a certificate that can't be renewed does not keep us busy. */
const shortestWait = 60 * 1000

export interface CertificateKeeperOptions {
  readonly store: CertificateStore
  readonly clock: Clock
  readonly logger: Logger
}

/** Renews certificates after two thirds of their life, while everything goes on. */
export class CertificateKeeper implements Component {
  readonly name = 'certificate-keeper'
  readonly #options: CertificateKeeperOptions

  constructor(options: CertificateKeeperOptions) {
    this.#options = options
  }

  async start(signal: AbortSignal): Promise<void> {
    const { store, clock, logger } = this.#options
    while (!signal.aborted) {
      const wait = (store.nextRenewal ?? Infinity) - clock.now()
      try {
        await sleep(clock, Math.min(longestWait, Math.max(shortestWait, wait)), signal)
      } catch {
        return
      }
      const { renewed, problems } = await store.renewDue()
      for (const { spec } of renewed) logger.info('Certificate renewed', { certificate: spec.name })
      for (const error of problems) logger.error('Renewed certificate could not be stored', { error })
    }
  }
}
