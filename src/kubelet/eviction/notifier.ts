import type { Logger } from '#base'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { signals, type Threshold } from './thresholds.ts'

export interface NotifierOptions {
  readonly log: Logger
  readonly config: Pick<KubeletConfiguration, 'kernelMemcgNotification'>
  readonly cgroupVersion: 1 | 2
  readonly thresholds: readonly Threshold[]
}

/**
 * Has the kernel tell at once when a threshold of memory is crossed, where it can. With cgroups v1 it tells through an
 * eventfd, for which this program has no system call; with v2 it tells nothing of them. What is left are the looks that are
 * taken from time to time, as upstream does where no notifier can be made.
 */
export function startNotifiers({ log, config, cgroupVersion, thresholds }: NotifierOptions): void {
  if (!config.kernelMemcgNotification || cgroupVersion === 2) return
  for (const { signal } of thresholds) {
    if (signals[signal].resource !== 'memory') continue
    const error = 'no eventfd can be made'
    log.info('Eviction manager: failed to create memory threshold notifier', { signal, error })
  }
}
