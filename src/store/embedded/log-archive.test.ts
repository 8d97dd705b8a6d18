import { VirtualClock } from '#base'
import type { CancelTimer } from '#base'
import { expect, test } from 'vitest'
import { Compactions } from '../cache/compactions.ts'
import { History } from '../cache/history.ts'
import { TreeSnapshot } from '../cache/tree-snapshot.ts'
import { everything } from '../store.ts'
import { Tree } from '../tree/tree.ts'
import type { Log, LogHeader, LogRecord } from './log.ts'
import { LogArchive } from './log-archive.ts'

/** Time passes with every look at the clock, and others have their turn at once. */
class BusyClock extends VirtualClock {
  #looks = 0
  turns = 0

  override timer(_: number, callback: () => void): CancelTimer {
    this.turns++
    setImmediate(callback)
    return () => undefined
  }

  override monotonic(): number {
    return ++this.#looks
  }
}

/** A log in which every revision writes another key, or takes away what an earlier one wrote. */
class ManyKeys implements Log {
  mostAtOnce = 0

  async scan(after: number, upTo: number, visit: (header: LogHeader) => void): Promise<number> {
    const end = Math.min(upTo, after + 1000)
    for (let revision = after + 1; revision <= end; revision++) visit(record(revision))
    return end
  }
  async read(revisions: readonly number[]): Promise<(LogRecord | undefined)[]> {
    this.mostAtOnce = Math.max(this.mostAtOnce, revisions.length)
    return revisions.map(record)
  }
  async append(): Promise<void> {}
  async compact(): Promise<void> {}
  async close(): Promise<void> {}
}

const writes = 6000

function record(revision: number): LogRecord {
  const deleted = revision > writes
  const written = deleted ? revision - writes : revision
  const common = { key: `/k/${written}`, revision, createRevision: written, expires: 0, value: new Uint8Array(1) }
  return { ...common, deleted, previous: deleted ? written : 0 }
}

test('treeAt() reads much of the log bit by bit, while others have their turn', async () => {
  const clock = new BusyClock()
  const log = new ManyKeys()
  const history = new History(writes * 2, { events: 10, bytes: 1e6 })
  const newest = (): TreeSnapshot => new TreeSnapshot(writes * 2, Tree.empty)
  const archive = new LogArchive({ clock, log, history, compactions: new Compactions(1), newest })
  const tree = await archive.treeAt(writes, everything)
  expect([tree.size, tree.get('/k/77')?.modRevision]).toEqual([writes, 77])
  expect([log.mostAtOnce <= 500, clock.turns > writes / 500]).toEqual([true, true])
})
