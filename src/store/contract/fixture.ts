import type { VirtualClock } from '#base'
import { everything } from '../store.ts'
import type { Entry, KeyRange, Store, StoreEvent, WatchBatch, WriteResult } from '../store.ts'

/** A store under test and what lies under it. */
export interface StoreFixture {
  readonly store: Store
  /** Closes the store if it is open and opens it again on what it left behind. */
  reopen(): Promise<Store>
  /** Closes the store and removes everything. */
  dispose(): Promise<void>
}

export interface StoreContract {
  /** Opens a new, empty store. */
  open(clock: VirtualClock): Promise<StoreFixture>
  /** Whether what was written outlives `close`. */
  readonly durable: boolean
  /** Whether `compact` can forget a range alone. */
  readonly compactsRanges: boolean
  /**
   * Whether writes that don't wait for each other commit together, in the order of their calls. Otherwise only those of
   * one key keep their order.
   */
  readonly sharesCommits: boolean
  /** Whether keys expire by the clock of the test, and not by one of their own. */
  readonly expiresByClock: boolean
  /** How many random courses of events to try. */
  readonly propertyRuns: number
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function bytes(text: string): Uint8Array {
  return encoder.encode(text)
}

/** For large values: comparing them as numbers in arrays takes seconds. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && b.every((byte, index) => byte === a[index])
}

/** An entry in comparable form. */
export function show(entry: Entry | undefined): string | undefined {
  if (!entry) return undefined
  return `${entry.key}=${decoder.decode(entry.value)} created ${entry.createRevision} modified ${entry.modRevision}`
}

/** An event in comparable form. */
export function showEvent(event: StoreEvent): string {
  return event.type === 'put'
    ? `put ${show(event.entry)} was ${show(event.previous)}`
    : `delete at ${event.revision} was ${show(event.previous)}`
}

/** Writes a key whatever its state is; returns the entry. */
export async function set(store: Store, key: string, text: string): Promise<Entry> {
  const result = await store.put(key, bytes(text), { expected: store.snapshot().get(key)?.modRevision ?? 0 })
  return committed(result)
}

export function committed(result: WriteResult): Entry {
  if (!result.committed) throw new Error(`write met ${show(result.current)}`)
  return result.entry
}

/** Deletes a key that exists; returns the revision of the deletion. */
export async function unset(store: Store, key: string): Promise<number> {
  const result = await store.delete(key, store.snapshot().get(key)?.modRevision ?? 0)
  if (!result.committed) throw new Error(`delete met ${show(result.current)}`)
  return result.revision
}

/** All entries of a range at a revision. */
export async function listed(store: Store, range: KeyRange, revision?: number): Promise<(string | undefined)[]> {
  const { entries } = await store.list(range, revision === undefined ? {} : { revision })
  return entries.map(show)
}

/** Watches in the background and keeps what comes. */
export class Recorder {
  readonly batches: WatchBatch[] = []
  readonly events: StoreEvent[] = []
  readonly #controller = new AbortController()
  readonly #done: Promise<void>
  #wake: () => void = () => {}
  #error: unknown

  constructor(store: Store, after: number, range: KeyRange = everything) {
    this.#done = this.#run(store.watch(range, { after, signal: this.#controller.signal }))
  }

  /** Waits until every event up to a revision has come; the range must have an event there, or hear of progress. */
  async reached(revision: number): Promise<readonly StoreEvent[]> {
    while ((this.batches.at(-1)?.revision ?? 0) < revision && !this.#error) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    if (this.#error) throw this.#error
    return this.events
  }

  async stop(): Promise<readonly StoreEvent[]> {
    this.#controller.abort()
    await this.#done
    return this.events
  }

  async #run(watch: AsyncIterable<WatchBatch>): Promise<void> {
    try {
      for await (const batch of watch) {
        this.batches.push(batch)
        this.events.push(...batch.events)
        this.#wake()
      }
    } catch (error) {
      this.#error = error
    }
    this.#wake()
  }
}

/** What a promise rejects with; `undefined` if it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
    return undefined
  } catch (error) {
    return error
  }
}

/** Compaction's error, as a watch tells it. */
export async function watchError(store: Store, after: number, range: KeyRange = everything): Promise<unknown> {
  const controller = new AbortController()
  const iterator = store.watch(range, { after, signal: controller.signal })[Symbol.asyncIterator]()
  const error = await rejection(iterator.next())
  controller.abort()
  return error
}
