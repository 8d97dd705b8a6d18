import { leases } from '#api/coordination/v1'
import type { Lease, LeaseSpec } from '#api/coordination/v1'
import { microTimeOfMillis } from '#machinery'
import type { ObjectKey } from '#machinery'
import type { Client } from '../client.ts'

/** The lease that candidates for leadership read and write; remembers what it saw last. */
export class LeaseLock {
  readonly #client: Client
  readonly #key: ObjectKey
  readonly #labels: { readonly [key: string]: string } | undefined
  #last: Lease | undefined

  constructor(client: Client, key: ObjectKey, labels?: { readonly [key: string]: string }) {
    this.#client = client
    this.#key = key
    this.#labels = labels
  }

  /** The lease as last read or written. */
  get last(): Lease | undefined {
    return this.#last
  }

  async get(signal: AbortSignal): Promise<LeaseSpec> {
    this.#last = await this.#client.get(leases, this.#key, { signal })
    return this.#last.spec
  }

  async create(spec: LeaseSpec, signal: AbortSignal): Promise<void> {
    const lease: Lease = {
      kind: 'Lease',
      apiVersion: 'coordination.k8s.io/v1',
      metadata: { ...this.#key, ...(this.#labels ? { labels: this.#labels } : {}) },
      spec,
    }
    this.#last = await this.#client.create(leases, lease, { signal })
  }

  /** Replaces the spec of the lease as last seen. @throws StatusError `Conflict` when someone else wrote since. */
  async update(spec: LeaseSpec, signal: AbortSignal): Promise<void> {
    if (!this.#last) throw new Error('lease not initialized, call get or create first')
    const { metadata } = this.#last
    const labels = this.#labels ? { labels: { ...metadata.labels, ...this.#labels } } : {}
    this.#last = await this.#client.update(
      leases,
      { ...this.#last, metadata: { ...metadata, ...labels }, spec },
      { signal },
    )
  }
}

/** What a holder writes into the lease. @param now milliseconds since 1970. */
export function heldBy(
  holderIdentity: string,
  leaseDurationMs: number,
  now: number,
  previous: { readonly acquireTime?: string; readonly leaseTransitions: number },
): LeaseSpec {
  const time = microTimeOfMillis(now)
  return {
    holderIdentity,
    leaseDurationSeconds: Math.floor(leaseDurationMs / 1000),
    acquireTime: previous.acquireTime ?? time,
    renewTime: time,
    leaseTransitions: previous.leaseTransitions,
  }
}
