import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import { formatDuration } from '#machinery'
import type { CheckedHealth } from '#machinery'

/** Milliseconds in which the service manager has to hear that all is well; it takes no less. */
const leastMs = 1000
const retryMs = 1000

/**
 * Milliseconds after which the service manager ends a process that it has not heard from (sd_watchdog_enabled);
 * `undefined` where it does not watch this one.
 *
 * @throws Error when the environment says nothing sensible.
 */
export function watchdogTimeout(env: NodeJS.ProcessEnv, pid: number): number | undefined {
  const { WATCHDOG_USEC: text = '', WATCHDOG_PID: watched = '' } = env
  if (text === '') return undefined
  const refuse = (why: string): never => {
    throw new Error(`create health checker: configure watchdog: ${why}`)
  }
  if (!/^[+-]?\d+$/.test(text))
    refuse(`error converting WATCHDOG_USEC: strconv.Atoi: parsing "${text}": invalid syntax`)
  const micros = Number(text)
  if (micros <= 0) refuse('error WATCHDOG_USEC must be a positive number')
  if (watched !== '' && !/^[+-]?\d+$/.test(watched))
    refuse(`error converting WATCHDOG_PID: strconv.Atoi: parsing "${watched}": invalid syntax`)
  if (watched !== '' && Number(watched) !== pid) return undefined
  const ms = micros / 1000
  if (ms <= leastMs) {
    const shown = formatDuration(BigInt(micros) * 1000n)
    throw new Error(`create health checker: configure watchdog timeout too small: ${shown}`)
  }
  return ms
}

export interface WatchdogOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly timeoutMs: number
  readonly health: () => readonly CheckedHealth[]
  /** Tells the service manager, if there is one. */
  readonly notify: (state: string) => Promise<boolean>
}

/** Has the service manager know, twice in its time, that all is well, while it is. */
export async function keepWatchdog(options: WatchdogOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, timeoutMs, health } = options
  while (!signal.aborted) {
    const failed = health().find(({ problem }) => problem !== undefined)
    if (failed) {
      const fields = { check: failed.name, error: failed.problem }
      log.error('Do not notify watchdog this iteration as the kubelet is reportedly not healthy', fields)
    } else await tell(options, signal)
    await sleep(clock, timeoutMs / 2, signal).catch(() => {})
  }
}

/** Tries twice. */
async function tell({ clock, log, notify }: WatchdogOptions, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      if (!(await notify('WATCHDOG=1'))) log.error('Failed to notify watchdog', { error: 'NOTIFY_SOCKET is unset' })
      return
    } catch (error) {
      if (attempt === 2) return log.error('Failed to notify watchdog', { error })
    }
    await sleep(clock, retryMs, signal).catch(() => {})
  }
}
