import type { Lease } from '#api/coordination/v1'

/** Tells nodes that live from those that don't, by when their leases were last seen to change: clocks may differ. */
export class SignsOfLife {
  readonly #seen = new Map<string, { readonly sign: string; readonly at: number }>()

  /** @param at monotonic milliseconds. */
  see({ metadata, spec }: Lease, at: number): void {
    const name = metadata.name ?? ''
    const sign = spec?.renewTime ?? ''
    if (this.#seen.get(name)?.sign !== sign) this.#seen.set(name, { sign, at })
  }

  forget(name: string): void {
    this.#seen.delete(name)
  }

  /** Whether the node's lease has changed since a time. */
  hasSince(name: string, at: number): boolean {
    return (this.#seen.get(name)?.at ?? -Infinity) >= at
  }
}
