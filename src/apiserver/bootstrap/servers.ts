import { decodeText, encodeText } from '#machinery'
import { prefixRange } from '#store'
import type { Store } from '#store'

const prefix = '/registry/masterleases/'

/** Entries are renewed every ten seconds; one that was missed twice is gone. */
const livesSeconds = 15

const byAddress = (a: string, b: string): number => (a < b ? -1 : 1)

/**
 * The API servers that share a store. Each has an entry there, which goes by itself when the server is gone. Where a
 * store has no other writers, its server is the only one and needs none.
 */
export class Servers {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Says that the server of an address is there. @returns the addresses of all that are. */
  async renew(ip: string): Promise<readonly string[]> {
    if (this.#store.alwaysFresh) return [ip]
    const key = prefix + ip
    const expected = this.#store.snapshot().get(key)?.modRevision ?? 0
    await this.#store.put(key, encodeText(ip), { expected, ttlSeconds: livesSeconds })
    return this.#addresses()
  }

  /** Says that the server of an address goes. @returns the addresses of those that stay. */
  async leave(ip: string): Promise<readonly string[]> {
    const entry = this.#store.snapshot().get(prefix + ip)
    if (entry) await this.#store.delete(entry.key, entry.modRevision)
    return this.#addresses()
  }

  #addresses(): readonly string[] {
    const entries = [...this.#store.snapshot().entries(prefixRange(prefix))]
    return entries.map(({ value }) => decodeText(value)).sort(byAddress)
  }
}
