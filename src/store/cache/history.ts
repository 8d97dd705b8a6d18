import type { Steps } from '#base'
import type { KeyRange, StoreEvent } from '../store.ts'
import type { Tree } from '../tree/tree.ts'

/** How much of the past is kept in memory. */
export interface HistoryLimits {
  /** Most events. */
  readonly events: number
  /** Most bytes that events hold on to: values that were replaced, and the events themselves. */
  readonly bytes: number
}

/** What an event and the entry it replaced weigh beside the value: objects, key, buffer. */
const eventBytes = 400

/** Entries keep what was decoded from them while about this many newer events are kept, for watchers just behind. */
const memoEvents = 512

/** Events that are undone in one step. */
const undoneAtOnce = 64

export function revisionOf(event: StoreEvent): number {
  return event.type === 'put' ? event.entry.modRevision : event.revision
}

export function keyOf(event: StoreEvent): string {
  return event.type === 'put' ? event.entry.key : event.previous.key
}

export function inRange(key: string, range: KeyRange): boolean {
  return key >= range.start && key < range.end
}

/** The newest events, in order of revision. */
export class History {
  readonly #limits: HistoryLimits
  #events: (StoreEvent | undefined)[] = []
  /** Index of the oldest event. */
  #first = 0
  #floor: number
  #bytes = 0

  /** @param revision the newest revision; nothing is kept of it and what was before. */
  constructor(revision: number, limits: HistoryLimits) {
    this.#floor = revision
    this.#limits = limits
  }

  /** All events after this revision are kept. */
  get floor(): number {
    return this.#floor
  }

  /** Forgets all: what happened up to a revision is not known. */
  reset(revision: number): void {
    this.#events = []
    this.#first = 0
    this.#bytes = 0
    this.#floor = revision
  }

  append(events: readonly StoreEvent[]): void {
    for (const event of events) {
      this.#events.push(event)
      this.#bytes += weightOf(event)
      const past = this.#events[this.#events.length - memoEvents]
      if (past?.previous) past.previous.memo = undefined
    }
    while (this.#events.length - this.#first > this.#limits.events || this.#bytes > this.#limits.bytes) this.#drop()
    if (this.#first > memoEvents && this.#first > this.#events.length / 2) {
      this.#events = this.#events.slice(this.#first)
      this.#first = 0
    }
  }

  /** Events of a range after a revision, which must be the floor or above. */
  since(revision: number, range: KeyRange): StoreEvent[] {
    const found: StoreEvent[] = []
    for (let i = this.#after(revision); i < this.#events.length; i++) {
      const event = this.#events[i]!
      if (inRange(keyOf(event), range)) found.push(event)
    }
    return found
  }

  /** The tree as it was at a revision, the floor or above, from the tree that is the newest when it is begun; in steps. */
  undo(newest: Tree, revision: number): Steps<Tree> {
    // A copy: events come and are forgotten between the steps.
    return undone(newest, this.#events.slice(this.#after(revision)))
  }

  /** Index of the first event after a revision. Writers elsewhere may make several events of one revision, or gaps. */
  #after(revision: number): number {
    let low = this.#first
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (revisionOf(this.#events[middle]!) > revision) high = middle
      else low = middle + 1
    }
    return low
  }

  #drop(): void {
    const event = this.#events[this.#first]!
    this.#bytes -= weightOf(event)
    this.#events[this.#first] = undefined
    this.#first++
    this.#floor = revisionOf(event)
  }
}

function* undone(newest: Tree, events: readonly (StoreEvent | undefined)[]): Steps<Tree> {
  const edit = newest.edit()
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]!
    if (event.previous) edit.put(event.previous)
    else edit.delete(keyOf(event))
    if (i % undoneAtOnce === 0) yield
  }
  return edit.tree()
}

/** The entry that an event made is counted by whoever replaces it: until then it is live. */
function weightOf(event: StoreEvent): number {
  return eventBytes + (event.previous ? event.previous.value.length : 0)
}
