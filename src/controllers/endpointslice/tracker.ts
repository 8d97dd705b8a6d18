import type { EndpointSlice } from '#api/discovery/v1'

const awaitingDeletion = -1

/** Slices as they were written last, by key of their Service: what the informer shows may be older. */
export class SliceTracker {
  readonly #generations = new Map<string, Map<string, number>>()

  wrote(key: string, { metadata }: EndpointSlice): void {
    let known = this.#generations.get(key)
    if (!known) this.#generations.set(key, (known = new Map()))
    known.set(metadata.uid ?? '', metadata.generation ?? 0)
  }

  deleted(key: string, { metadata }: EndpointSlice): void {
    const known = this.#generations.get(key) ?? new Map<string, number>()
    this.#generations.set(key, known.set(metadata.uid ?? '', awaitingDeletion))
  }

  /** Whether slices are older than what was written. */
  isStale(key: string, slices: readonly EndpointSlice[]): boolean {
    const known = this.#generations.get(key)
    if (!known) return false
    const shown = new Set<string>()
    for (const { metadata } of slices) {
      const uid = metadata.uid ?? ''
      shown.add(uid)
      const generation = known.get(uid)
      if (generation === awaitingDeletion || (generation ?? 0) > (metadata.generation ?? 0)) return true
    }
    for (const [uid, generation] of known) if (generation !== awaitingDeletion && !shown.has(uid)) return true
    return false
  }

  /** Whether a slice that was seen is another than the one that was written. */
  isNews(key: string, { metadata }: EndpointSlice): boolean {
    const generation = this.#generations.get(key)?.get(metadata.uid ?? '')
    return generation === undefined || (metadata.generation ?? 0) > generation
  }

  /** Whether the deletion of a slice comes unexpected. */
  sawDeletion(key: string, { metadata }: EndpointSlice): boolean {
    const known = this.#generations.get(key)
    const uid = metadata.uid ?? ''
    const generation = known?.get(uid)
    known?.delete(uid)
    return generation !== undefined && generation !== awaitingDeletion
  }

  forget(key: string): void {
    this.#generations.delete(key)
  }
}
