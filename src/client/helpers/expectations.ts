import type { Clock } from '#base'

/** Milliseconds after which an expectation no longer counts: an event was lost, and the controller must not wait for ever. */
export const expectationsTimeoutMs = 300_000

interface Expected {
  creations: number
  deletions: number
  readonly since: number
  /** Objects whose deletion is awaited. */
  readonly uids: Set<string>
}

/**
 * What a controller has done and not yet seen come back through its informer, by key of the controller's object. A
 * controller that counts its objects before it has seen its own last work would do the work twice.
 *
 * Deletions are tracked by UID: an object may be seen to go twice, as terminating and as deleted.
 */
export class Expectations {
  readonly #clock: Clock
  readonly #expected = new Map<string, Expected>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Everything expected was seen, or nothing was expected, or the wait was too long. */
  satisfied(key: string): boolean {
    const expected = this.#expected.get(key)
    if (!expected || (expected.creations <= 0 && expected.deletions <= 0)) return true
    return this.#clock.monotonic() - expected.since > expectationsTimeoutMs
  }

  /** Replaces what was expected by so many creations. */
  expectCreations(key: string, count: number): void {
    this.set(key, count, 0)
  }

  /** Replaces what was expected by the deletion of these objects. */
  expectDeletions(key: string, uids: Iterable<string>): void {
    const awaited = new Set(uids)
    this.#expected.set(key, { creations: 0, deletions: awaited.size, since: this.#clock.monotonic(), uids: awaited })
  }

  /** Replaces what was expected by counts, without UIDs. */
  set(key: string, creations: number, deletions: number): void {
    this.#expected.set(key, { creations, deletions, since: this.#clock.monotonic(), uids: new Set() })
  }

  /** Expects more, where something is expected. */
  raise(key: string, creations: number, deletions: number): void {
    const expected = this.#expected.get(key)
    if (!expected) return
    expected.creations += creations
    expected.deletions += deletions
  }

  lower(key: string, creations: number, deletions: number): void {
    this.raise(key, -creations, -deletions)
  }

  creationObserved(key: string): void {
    this.lower(key, 1, 0)
  }

  /** Counts the deletion of an object that was awaited, once. */
  deletionObserved(key: string, uid: string): void {
    if (this.#expected.get(key)?.uids.delete(uid)) this.lower(key, 0, 1)
  }

  /** Deletions of these UIDs are still awaited. */
  awaitedDeletions(key: string): ReadonlySet<string> {
    return this.#expected.get(key)?.uids ?? new Set()
  }

  /** Forgets the key: its object is gone. */
  delete(key: string): void {
    this.#expected.delete(key)
  }
}
