import { CompactedError, everything, FutureRevisionError } from '../store.ts'
import type { KeyRange } from '../store.ts'

interface ModelEntry {
  readonly key: string
  readonly text: string
  readonly createRevision: number
  readonly modRevision: number
}

interface ModelEvent {
  readonly revision: number
  readonly key: string
  readonly entry: ModelEntry | undefined
  readonly previous: ModelEntry | undefined
}

/** The store in its plainest form: a map for every revision there ever was. Speaks in the words of the fixture. */
export class Model {
  readonly #states: ReadonlyMap<string, ModelEntry>[] = [new Map(), new Map()]
  readonly #events: ModelEvent[] = []
  readonly #marks: { readonly range: KeyRange; readonly revision: number }[] = [{ range: everything, revision: 1 }]

  get revision(): number {
    return this.#states.length - 1
  }

  get compactedRevision(): number {
    return this.#oldest(everything, true)
  }

  modRevision(key: string): number {
    return this.#newest.get(key)?.modRevision ?? 0
  }

  /** The outcome in words; `text` undefined deletes. */
  write(key: string, text: string | undefined, expected: number): string {
    const previous = this.#newest.get(key)
    if ((previous?.modRevision ?? 0) !== expected || (text === undefined && !previous)) return `met ${say(previous)}`
    const revision = this.revision + 1
    const state = new Map(this.#newest)
    let entry: ModelEntry | undefined
    if (text === undefined) state.delete(key)
    else {
      entry = { key, text, createRevision: previous?.createRevision ?? revision, modRevision: revision }
      state.set(key, entry)
    }
    this.#states.push(state)
    this.#events.push({ revision, key, entry, previous })
    return entry ? `wrote ${say(entry)}` : `deleted ${say(previous)} at ${revision}`
  }

  /** Entries, how many the limit left out, or why not. */
  list(range: KeyRange, revision: number, limit: number): string[] {
    const refused = this.#refused(range, revision)
    if (refused) return [refused]
    const inside = [...this.#states[revision]!.values()].filter((entry) => contains(range, entry.key))
    inside.sort((a, b) => (a.key < b.key ? -1 : 1))
    return [...inside.slice(0, limit).map((entry) => say(entry)), `and ${Math.max(0, inside.length - limit)} more`]
  }

  /** Events of a range after a revision, or why not. */
  events(range: KeyRange, after: number): string[] {
    const refused = this.#refused(range, after)
    if (refused) return [refused]
    return this.#events.filter((event) => event.revision > after && contains(range, event.key)).map(sayEvent)
  }

  /** All events there ever were, compacted or not. */
  get history(): string[] {
    return this.#events.map(sayEvent)
  }

  compact(range: KeyRange, revision: number): string {
    if (revision > this.revision) return new FutureRevisionError(revision, this.revision).message
    const marked = this.#oldest(range, true)
    if (revision <= marked) return new CompactedError(revision, marked).message
    this.#marks.push({ range, revision })
    return 'compacted'
  }

  get #newest(): ReadonlyMap<string, ModelEntry> {
    return this.#states[this.revision]!
  }

  #refused(range: KeyRange, revision: number): string | undefined {
    if (revision > this.revision) return new FutureRevisionError(revision, this.revision).message
    const oldest = this.#oldest(range, false)
    return revision < oldest ? new CompactedError(revision, oldest).message : undefined
  }

  /** @param same counts only marks of this very range and of everything, not all that overlap. */
  #oldest(range: KeyRange, same: boolean): number {
    const revisions = this.#marks
      .filter(({ range: marked }) =>
        same
          ? marked === everything || (marked.start === range.start && marked.end === range.end)
          : marked.start < range.end && range.start < marked.end,
      )
      .map((mark) => mark.revision)
    return Math.max(...revisions)
  }
}

function contains(range: KeyRange, key: string): boolean {
  return key >= range.start && key < range.end
}

function sayEvent({ entry, previous, revision }: ModelEvent): string {
  return entry ? `put ${say(entry)} was ${say(previous)}` : `delete at ${revision} was ${say(previous)}`
}

function say(entry: ModelEntry | undefined): string {
  if (!entry) return 'undefined'
  return `${entry.key}=${entry.text} created ${entry.createRevision} modified ${entry.modRevision}`
}
