import type { Clock } from '#base'
import { NumberFamily, sha256Hex } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** A hash as labels show it, which keeps what it is of to itself. */
export const hashOf = (text: string): string => (text === '' ? '' : `sha256:${sha256Hex(text)}`)

/** Counts reads of a configuration file anew. */
export interface ConfigurationRecord {
  /** A configuration is in force from the beginning on. */
  loaded(text: string): void
  /** @param text of the configuration that is in force from now on; absent when it can't be used. */
  reloaded(text: string | undefined): void
}

export class ReloadMetrics implements ConfigurationRecord, FamilySource {
  readonly #clock: Clock
  readonly #id: string
  readonly #total: NumberFamily
  readonly #last: NumberFamily
  readonly #info: NumberFamily

  constructor(clock: Clock, id: string, what: 'authentication' | 'authorization') {
    this.#clock = clock
    this.#id = id
    const name = `apiserver_${what}_config_controller`
    const labels = ['status', 'apiserver_id_hash']
    this.#total = new NumberFamily(
      'counter',
      `${name}_automatic_reloads_total`,
      `Reads of the ${what} configuration anew.`,
      labels,
    )
    this.#last = new NumberFamily(
      'gauge',
      `${name}_automatic_reload_last_timestamp_seconds`,
      `When the ${what} configuration was last read anew.`,
      labels,
    )
    this.#info = new NumberFamily(
      'gauge',
      `${name}_last_config_info`,
      `Hash of the ${what} configuration that is in force.`,
      ['apiserver_id_hash', 'hash'],
    )
  }

  loaded(text: string): void {
    this.#info.drop(0, this.#id)
    this.#info.set(1, this.#id, hashOf(text))
  }

  reloaded(text: string | undefined): void {
    const status = text === undefined ? 'failure' : 'success'
    this.#total.add(1, status, this.#id)
    this.#last.set(this.#clock.now() / 1000, status, this.#id)
    if (text !== undefined) this.loaded(text)
  }

  families(): readonly MetricFamily[] {
    return [this.#total, this.#last, this.#info]
  }
}
