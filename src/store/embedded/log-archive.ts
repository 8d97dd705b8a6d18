import { pausesOf, stepByStep } from '#base'
import type { Clock, Pause, Steps } from '#base'
import { newEntry } from '../cache/entry.ts'
import { inRange } from '../cache/history.ts'
import type { Archive, Memory } from '../cache/past.ts'
import type { Entry, KeyRange, StoreEvent, WatchBatch } from '../store.ts'
import type { Tree } from '../tree/tree.ts'
import type { Log, LogHeader, LogRecord } from './log.ts'

/** Records that are read at once: they are read and copied while everybody waits. */
const readAtOnce = 500

export interface LogArchiveOptions extends Memory {
  readonly clock: Clock
  readonly log: Log
}

/** The past as the log tells it. */
export class LogArchive implements Archive {
  readonly #options: LogArchiveOptions

  constructor(options: LogArchiveOptions) {
    this.#options = options
  }

  /** Undoes, from the oldest state in memory, what the log says happened to a range before it. */
  async treeAt(revision: number, range: KeyRange): Promise<Tree> {
    const { clock, log, history, newest } = this.#options
    const pause = pausesOf(clock)
    const floor = history.floor
    const tree = await stepByStep(history.undo(newest().tree, floor), pause)
    const previous = new Map<string, number>()
    for (let at = revision; at < floor;) {
      at = await log.scan(at, floor, (header) => {
        if (inRange(header.key, range) && !previous.has(header.key)) previous.set(header.key, header.previous)
      })
      const wait = pause()
      if (wait) await wait
    }
    const entries = await this.#entries([...previous.values()], pause)
    this.#options.compactions.check(range, revision)
    return stepByStep(undone(tree, previous, entries), pause)
  }

  async replay(range: KeyRange, after: number, upTo: number): Promise<WatchBatch> {
    const headers: LogHeader[] = []
    const reached = await this.#options.log.scan(after, upTo, (header) => {
      if (inRange(header.key, range)) headers.push(header)
    })
    const entries = await this.#entries(
      headers.flatMap((header) => (header.deleted ? [header.previous] : [header.previous, header.revision])),
      pausesOf(this.#options.clock),
    )
    this.#options.compactions.check(range, after)
    return { revision: reached, events: headers.map((header) => toEvent(header, entries)) }
  }

  /** Entries by revision. Those that still are in the tree are taken from there, with what was decoded from them. */
  async #entries(revisions: readonly number[], pause: Pause): Promise<(revision: number) => Entry> {
    const { log, newest } = this.#options
    const wanted = [...new Set(revisions)].filter((revision) => revision > 0)
    const { tree } = newest()
    const entries = new Map<number, Entry>()
    for (let at = 0; at < wanted.length; at += readAtOnce) {
      for (const record of await log.read(wanted.slice(at, at + readAtOnce))) {
        if (!record) continue
        const live = tree.get(record.key)
        entries.set(record.revision, live?.modRevision === record.revision ? live : toEntry(record))
      }
      const wait = pause()
      if (wait) await wait
    }
    return (revision) => {
      const entry = entries.get(revision)
      if (!entry) throw new Error(`the log lacks revision ${revision}, which was not compacted`)
      return entry
    }
  }
}

/** A tree with the entries of revisions, by key, that were there before; 0 where there was none. */
function* undone(tree: Tree, previous: ReadonlyMap<string, number>, entries: (revision: number) => Entry): Steps<Tree> {
  const edit = tree.edit()
  for (const [key, there] of previous) {
    if (there === 0) edit.delete(key)
    else edit.put(entries(there))
    yield
  }
  return edit.tree()
}

function toEntry(record: LogRecord): Entry {
  return newEntry(record.key, record.value, record.createRevision, record.revision, undefined)
}

function toEvent(header: LogHeader, entries: (revision: number) => Entry): StoreEvent {
  if (header.deleted) return { type: 'delete', revision: header.revision, previous: entries(header.previous) }
  const previous = header.previous === 0 ? undefined : entries(header.previous)
  return { type: 'put', entry: entries(header.revision), previous }
}
