import type { Clock } from '#base'
import type { EtcdClient } from './client.ts'

/** Keys that one lease may have: etcd deletes them in one go. */
const mostKeys = 1_000

/** Leases outlast what was asked for by this share of it, up to a minute, so that many keys can share one. */
const slack = 0.05
const mostSlackSeconds = 60

interface Lease {
  readonly id: Promise<number>
  /** Monotonic milliseconds until which keys may still be given to it. */
  readonly until: number
  keys: number
}

/** Leases by time to live. A key lives at least as long as was asked for, and not much longer. */
export class Leases {
  readonly #client: EtcdClient
  readonly #clock: Clock
  readonly #byTtl = new Map<number, Lease>()

  constructor(client: EtcdClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** A lease that ends no sooner than `ttlSeconds` from now. */
  for(ttlSeconds: number): Promise<number> {
    const known = this.#byTtl.get(ttlSeconds)
    if (known && known.keys < mostKeys && this.#clock.monotonic() <= known.until) {
      known.keys++
      return known.id
    }
    const extra = Math.min(mostSlackSeconds, Math.floor(ttlSeconds * slack))
    const id = this.#grant(Math.ceil(ttlSeconds) + extra)
    const lease: Lease = { id, until: this.#clock.monotonic() + extra * 1_000, keys: 1 }
    this.#byTtl.set(ttlSeconds, lease)
    id.catch(() => {
      if (this.#byTtl.get(ttlSeconds) === lease) this.#byTtl.delete(ttlSeconds)
    })
    return id
  }

  async #grant(ttlSeconds: number): Promise<number> {
    // Chosen here: etcd's own choices have more bits than a number holds.
    const id = 1 + Math.floor(this.#clock.random() * (Number.MAX_SAFE_INTEGER - 1))
    await this.#client.grant(id, ttlSeconds)
    return id
  }
}
