import type { Clock } from '#base'
import { HistogramFamily } from '#machinery'
import { gauge } from './families.ts'

/** Seconds. */
const bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600]

/** Times what is done to volumes, by the plugin that does it. */
export class VolumeMetrics {
  readonly #clock: Clock
  readonly #operations = new HistogramFamily(
    'storage_operation_duration_seconds',
    '[ALPHA] Storage operation duration',
    bounds,
    ['migrated', 'operation_name', 'status', 'volume_plugin'],
  )

  readonly #cleaned = gauge(
    'orphan_pod_cleaned_volumes',
    'The total number of orphaned Pods whose volumes were cleaned in the last periodic sweep.',
  )
  readonly #notCleaned = gauge(
    'orphan_pod_cleaned_volumes_errors',
    'The number of orphaned Pods whose volumes failed to be cleaned in the last periodic sweep.',
  )

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async timed<T>(operation: 'volume_mount' | 'volume_unmount', plugin: string, work: () => Promise<T>): Promise<T> {
    const began = this.#clock.monotonic()
    const done = (status: 'success' | 'fail-unknown'): void =>
      this.#operations.observe((this.#clock.monotonic() - began) / 1000, 'false', operation, status, plugin)
    try {
      const result = await work()
      done('success')
      return result
    } catch (error) {
      done('fail-unknown')
      throw error
    }
  }

  /** Folders of so many unknown pods were removed in one sweep, and of so many could not be. */
  swept(removed: number, failed: number): void {
    this.#cleaned.set(removed)
    this.#notCleaned.set(failed)
  }

  text(): string {
    return [this.#cleaned, this.#notCleaned, this.#operations].map((family) => family.text()).join('')
  }
}
