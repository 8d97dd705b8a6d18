import { everything } from '#store'
import type { Store, StoreEvent } from '#store'
import { decodeValue } from './value.ts'

interface Write {
  readonly key: string
  /** Absent for a deletion. */
  readonly id: string | undefined
}

/** What writers said over all their lives, and what the store must therefore hold. */
export class Ledger {
  readonly #tried = new Map<string, string>()
  /** By revision: what was acknowledged, and what was seen in the store although its writer died before the answer. */
  readonly #writes = new Map<number, Write>()
  /** Keys that went without an acknowledgement or an event, and the revision that they had. */
  readonly #deleted = new Map<string, number>()
  /** Keys whose deletion was tried since the last check. */
  readonly #dropped = new Set<string>()
  #newest = 1
  #acknowledged = 0
  #checked = 1

  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Takes a line that a writer said. */
  hear(line: string): void {
    const words: [string, ...(string | number)[]] = JSON.parse(line)
    if (words[0] === 'try') this.#tried.set(String(words[1]), String(words[2]))
    else if (words[0] === 'drop') this.#dropped.add(String(words[1]))
    else if (words[0] === 'ack') {
      this.#acknowledged++
      const id = words[3] === undefined ? undefined : String(words[3])
      this.#note(Number(words[1]), { key: String(words[2]), id })
    } else if (Number(words[1]) < this.#newest) throw new Error(`opened at ${String(words[1])} after ${this.#newest}`)
  }

  /** @throws when the store lacks what was acknowledged, or has what was never written */
  async check(store: Store): Promise<void> {
    const { revision } = store.snapshot()
    if (revision < this.#newest) throw new Error(`revision is ${revision} after ${this.#newest} was acknowledged`)
    await this.#checkHistory(store, revision)
    this.#checkState(store)
    this.#checked = revision
    this.#newest = revision
    this.#dropped.clear()
  }

  #note(revision: number, write: Write): void {
    const known = this.#writes.get(revision)
    if (known && (known.key !== write.key || known.id !== write.id)) {
      throw new Error(`revision ${revision} was given to ${JSON.stringify(known)} and ${JSON.stringify(write)}`)
    }
    this.#writes.set(revision, write)
    this.#newest = Math.max(this.#newest, revision)
  }

  async #checkHistory(store: Store, revision: number): Promise<void> {
    const outside = [
      { start: '', end: '/k/' },
      { start: '/k0', end: everything.end },
    ]
    for (const range of outside) if (store.snapshot().count(range) > 0) throw new Error('keys that nobody wrote')
    // Whatever compaction left of the events must be without a gap and as it was written.
    const after = Math.max(this.#checked, await oldestWatchable(store))
    if (after >= revision) return
    let next = after + 1
    const { signal } = new AbortController()
    for await (const batch of store.watch(everything, { after, signal })) {
      for (const event of batch.events) {
        if (revisionOf(event) !== next) throw new Error(`event ${next} is missing, ${revisionOf(event)} came`)
        this.#checkEvent(next++, event)
      }
      if (next > revision) return
    }
  }

  #checkEvent(revision: number, event: StoreEvent): void {
    if (event.previous) decodeValue(event.previous.value)
    if (event.type === 'delete') return this.#note(revision, { key: event.previous.key, id: undefined })
    const { id, key } = decodeValue(event.entry.value)
    if (key !== event.entry.key || this.#tried.get(id) !== key) throw new Error(`nobody tried to write ${id} to ${key}`)
    this.#note(revision, { key, id })
  }

  #checkState(store: Store): void {
    const newest = new Map<string, number>()
    for (const [revision, { key }] of this.#writes) {
      if (revision > (newest.get(key) ?? 0)) newest.set(key, revision)
    }
    for (const [key, revision] of newest) {
      const entry = store.snapshot().get(key)
      const write = this.#writes.get(revision)
      if (!entry && this.#deleted.get(key) === revision) continue
      if (entry && entry.modRevision > revision) {
        // Written and then compacted around by one who died before the answer.
        const { id } = decodeValue(entry.value)
        if (this.#tried.get(id) !== key) throw new Error(`nobody tried to write ${id} to ${key}`)
        this.#note(entry.modRevision, { key, id })
      } else if (!write?.id) {
        if (entry) throw new Error(`${key} is back after its deletion at ${revision}`)
      } else if (!entry) {
        if (!this.#dropped.has(key)) throw new Error(`${key} of revision ${revision} is gone`)
        // Deleted, and compacted around, by one who died before the answer.
        this.#deleted.set(key, revision)
      } else {
        const value = decodeValue(entry.value)
        if (entry.modRevision !== revision || value.id !== write.id || value.key !== key) {
          throw new Error(`${key} has ${value.id} at ${entry.modRevision}, not ${write.id} at ${revision}`)
        }
      }
    }
    for (const entry of store.snapshot().entries(everything)) {
      if (!newest.has(entry.key)) this.#note(entry.modRevision, decodeValue(entry.value))
    }
  }
}

/** Lowest revision from which everything can be watched, compactions of ranges included. */
async function oldestWatchable(store: Store): Promise<number> {
  const error = await store.list(everything, { revision: 0 }).then(
    () => undefined,
    (error: unknown) => error,
  )
  return (error as { compactedRevision: number }).compactedRevision
}

function revisionOf(event: StoreEvent): number {
  return event.type === 'put' ? event.entry.modRevision : event.revision
}
