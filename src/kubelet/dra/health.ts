import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { Checkpoints } from '../seams/checkpoints.ts'
import type { DeviceReport, DraPlugin, PreparedDevice } from '../seams/dra-plugins.ts'
import { formatHealth, healthFile, parseHealth } from './health-checkpoint.ts'

/** Milliseconds between the end of a driver's reports and another try. */
const retryMs = 5000
/** Milliseconds for which a report holds where the driver does not say. */
const usualTimeoutMs = 30_000
/** Bytes that the API takes. */
const longestMessage = 1024

/** A report, and since when (wall milliseconds) it is known. */
export interface KnownHealth extends DeviceReport {
  readonly at: number
}

/** Reports by driver, and there by pool and device. */
export type HealthByDriver = ReadonlyMap<string, ReadonlyMap<string, KnownHealth>>

export interface DeviceHealthOptions {
  readonly checkpoints: Checkpoints
  readonly clock: Clock
  readonly log: Logger
  /** Drivers tell otherwise of devices, by `pool/device`. */
  readonly changed: (driver: string, devices: ReadonlySet<string>) => void
}

type Named = Pick<PreparedDevice, 'poolName' | 'deviceName'>

export const keyOfDevice = ({ poolName, deviceName }: Named): string => `${poolName}/${deviceName}`

/** What drivers say of their devices, as long as it holds (KEP-4680). */
export class DeviceHealth {
  readonly #options: DeviceHealthOptions
  readonly #known = new Map<string, Map<string, KnownHealth>>()
  /** Whose reports these are: of several instances of a driver, that which told last. */
  readonly #tellers = new Map<string, DraPlugin>()
  #isStopped = false

  constructor(options: DeviceHealthOptions) {
    this.#options = options
  }

  /** Takes up what a former run has left; what can't be read is not needed. */
  async load(): Promise<void> {
    const { checkpoints, log } = this.#options
    try {
      const text = await checkpoints.read(healthFile)
      if (text === undefined) return
      for (const [driver, devices] of parseHealth(text)) this.#known.set(driver, new Map(devices))
    } catch (error) {
      log.warn('What was known of devices could not be read', { error })
    }
  }

  of(driver: string, device: Named): Pick<DeviceReport, 'health' | 'message'> {
    const known = this.#known.get(driver)?.get(keyOfDevice(device))
    return known && !this.#isOld(known) ? known : { health: 'Unknown', message: '' }
  }

  /** Hears a driver out, again and again, until the signal. */
  async follow(plugin: DraPlugin, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    const { driver } = plugin
    while (!signal.aborted) {
      try {
        for await (const reports of plugin.watchHealth(signal)) {
          this.#tellers.set(driver, plugin)
          const changed = this.#update(driver, reports)
          if (changed.size > 0) this.#tell(driver, changed)
        }
      } catch (error) {
        log.debug('A driver tells no more of its devices', { driver, error })
      }
      this.#ended(plugin)
      await sleep(clock, retryMs, signal).catch(() => {})
    }
  }

  /** What is known stays for the next agent. */
  stop(): void {
    this.#isStopped = true
  }

  /** Nothing is known any more of devices that a driver told of, unless another instance of it does. */
  #ended(plugin: DraPlugin): void {
    const { driver } = plugin
    const known = this.#known.get(driver)
    if (this.#isStopped || !known || (this.#tellers.get(driver) ?? plugin) !== plugin) return
    this.#known.delete(driver)
    this.#tellers.delete(driver)
    this.#tell(driver, new Set(known.keys()))
  }

  #tell(driver: string, changed: ReadonlySet<string>): void {
    this.#save()
    this.#options.changed(driver, changed)
  }

  /** @returns devices of which it tells something else; those that it left out are unknown in the end. */
  #update(driver: string, reports: readonly DeviceReport[]): ReadonlySet<string> {
    const at = this.#options.clock.now()
    const known = this.#known.get(driver) ?? new Map<string, KnownHealth>()
    this.#known.set(driver, known)
    const changed = new Set<string>()
    const told = new Set<string>()
    for (const report of reports) {
      const key = keyOfDevice(report)
      const before = known.get(key)
      const message = shortened(report.message)
      told.add(key)
      const isSame =
        before?.health === report.health && before.message === message && before.timeoutMs === timeoutOf(report)
      if (!isSame) changed.add(key)
      known.set(key, { ...report, message, timeoutMs: timeoutOf(report), at })
    }
    for (const [key, before] of known) {
      if (told.has(key) || before.health === 'Unknown' || !this.#isOld(before)) continue
      known.set(key, { ...before, health: 'Unknown', message: '', at })
      changed.add(key)
    }
    return changed
  }

  #isOld(known: KnownHealth): boolean {
    return this.#options.clock.now() - known.at > timeoutOf(known)
  }

  #save(): void {
    const { checkpoints, log } = this.#options
    checkpoints.write(healthFile, formatHealth(this.#known)).catch((error: unknown) => {
      log.warn('What is known of devices could not be saved', { error })
    })
  }
}

const timeoutOf = ({ timeoutMs }: DeviceReport): number => (timeoutMs > 0 ? timeoutMs : usualTimeoutMs)

function shortened(message: string): string {
  const bytes = new TextEncoder().encode(message)
  if (bytes.length <= longestMessage) return message
  return `${new TextDecoder().decode(bytes.subarray(0, longestMessage - 3))}...`
}
