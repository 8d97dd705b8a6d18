import { defer, VirtualClock } from '#base'
import { expect, test } from 'vitest'
import { rejection } from '../contract/fixture.ts'
import { CompactedError, everything } from '../store.ts'
import { Tree } from '../tree/tree.ts'
import { Compactions } from './compactions.ts'
import { History } from './history.ts'
import type { Log, LogHeader, LogRecord } from '../embedded/log.ts'
import { LogArchive } from '../embedded/log-archive.ts'
import { Past } from './past.ts'
import { TreeSnapshot } from './tree-snapshot.ts'

/** A log of one key, written at every revision, that answers when the test says so. */
class SlowLog implements Log {
  readonly asked = defer<void>()
  readonly answer = defer<void>()
  readonly gone = new Set<number>()

  async scan(after: number, upTo: number, visit: (header: LogHeader) => void): Promise<number> {
    this.asked.resolve()
    await this.answer.promise
    for (let revision = after + 1; revision <= upTo; revision++) if (!this.gone.has(revision)) visit(record(revision))
    return upTo
  }
  async read(revisions: readonly number[]): Promise<(LogRecord | undefined)[]> {
    return revisions.map((revision) => (this.gone.has(revision) ? undefined : record(revision)))
  }
  async append(): Promise<void> {}
  async compact(): Promise<void> {}
  async close(): Promise<void> {}
}

function record(revision: number): LogRecord {
  const previous = revision === 2 ? 0 : revision - 1
  return { key: '/a', revision, previous, createRevision: 2, expires: 0, deleted: false, value: new Uint8Array(3) }
}

function open(): { past: Past; log: SlowLog; compactions: Compactions } {
  const log = new SlowLog()
  const compactions = new Compactions(1)
  const history = new History(20, { events: 10, bytes: 1e6 })
  const clock = new VirtualClock()
  const newest = (): TreeSnapshot => new TreeSnapshot(20, Tree.empty)
  const archive = new LogArchive({ clock, log, history, compactions, newest })
  return { past: new Past({ clock, history, compactions, archive, newest }), log, compactions }
}

test('treeAt() and replay() fail with a compaction that overtakes them', async () => {
  const asks = [
    ({ past }: { past: Past }): Promise<unknown> => past.replay(everything, 5),
    ({ past }: { past: Past }): Promise<unknown> => past.treeAt(5, everything),
  ]
  for (const ask of asks) {
    const opened = open()
    const failed = rejection(ask(opened))
    await opened.log.asked.promise
    opened.compactions.mark({ range: everything, revision: 10 })
    for (let revision = 2; revision < 10; revision++) opened.log.gone.add(revision)
    opened.log.answer.resolve()
    expect(await failed).toBeInstanceOf(CompactedError)
    opened.past.close()
  }
})

test('replay() tells events with what they replaced, and treeAt() what was there', async () => {
  const { past, log } = open()
  log.answer.resolve()
  const { revision, events } = await past.replay(everything, 17)
  expect(revision).toBe(20)
  expect(events.map((event) => [event.type === 'put' && event.entry.modRevision, event.previous?.modRevision])).toEqual(
    [
      [18, 17],
      [19, 18],
      [20, 19],
    ],
  )
  expect((await past.treeAt(5, everything)).get('/a')?.modRevision).toBe(5)
  expect((await past.treeAt(1, everything)).get('/a')).toBeUndefined()
  past.close()
})
