import { counter } from './families.ts'

/** What is counted of containers' hooks and of images that they mount. */
export class HookMetrics {
  readonly #fallbacks = counter(
    'lifecycle_handler_http_fallbacks_total',
    'The number of times lifecycle handlers successfully fell back to http from https.',
  )
  readonly #sleepsCut = counter(
    'sleep_action_terminated_early_total',
    'The number of times lifecycle sleep handler got terminated before it finishes',
  )
  readonly #volumes = counter('image_volume_requested_total', 'Number of requested image volumes.')
  readonly #mounted = counter('image_volume_mounted_succeed_total', 'Number of successful image volume mounts.')
  readonly #notMounted = counter('image_volume_mounted_errors_total', 'Number of failed image volume mounts.')

  fellBackToHttp(): void {
    this.#fallbacks.add(1)
  }

  sleepCut(): void {
    this.#sleepsCut.add(1)
  }

  /** A container of a pod that has so many volumes of images was made with so many of them, or was not because of them. */
  imageVolumes(counts: { readonly requested: number; readonly mounts: number; readonly failed: boolean }): void {
    this.#volumes.add(counts.requested)
    ;(counts.failed ? this.#notMounted : this.#mounted).add(counts.mounts)
  }

  text(): string {
    return [this.#notMounted, this.#mounted, this.#volumes, this.#fallbacks, this.#sleepsCut]
      .map((family) => family.text())
      .join('')
  }
}
