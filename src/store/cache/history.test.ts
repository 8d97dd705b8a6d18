import { allSteps } from '#base'
import { expect, test } from 'vitest'
import { everything, prefixRange } from '../store.ts'
import type { Entry, StoreEvent } from '../store.ts'
import { Tree } from '../tree/tree.ts'
import { newEntry } from './entry.ts'
import { History, revisionOf } from './history.ts'

function entryOf(key: string, revision: number, bytes = 10): Entry {
  return newEntry(key, new Uint8Array(bytes), revision, revision, `memo of ${revision}`)
}

/** Writes of three keys in turn; revision 1 is empty. */
function writes(count: number): StoreEvent[] {
  const events: StoreEvent[] = []
  const newest = new Map<string, Entry>()
  for (let revision = 2; revision < count + 2; revision++) {
    const key = `/k/${revision % 3}`
    const entry = entryOf(key, revision)
    events.push({ type: 'put', entry, previous: newest.get(key) })
    newest.set(key, entry)
  }
  return events
}

test('History keeps as many events as it may, and tells from where on', () => {
  const history = new History(1, { events: 100, bytes: 1e9 })
  for (const event of writes(1_000)) history.append([event])
  expect(history.floor).toBe(901)
  expect(history.since(901, everything).map(revisionOf)).toEqual(Array.from({ length: 100 }, (_, i) => 902 + i))
  expect(history.since(999, everything).map(revisionOf)).toEqual([1_000, 1_001])
  expect(history.since(1_001, everything)).toEqual([])
  expect(history.since(995, prefixRange('/k/0')).map(revisionOf)).toEqual([996, 999])
})

test('History keeps as many bytes of replaced values as it may', () => {
  const history = new History(1, { events: 1_000, bytes: 50_000 })
  let previous: Entry | undefined
  for (let revision = 2; revision < 100; revision++) {
    const entry = entryOf('/a', revision, 10_000)
    history.append([{ type: 'put', entry, previous }])
    previous = entry
  }
  expect(99 - history.floor).toBe(4)
})

test('undo() gives the tree of every revision that is kept', () => {
  const history = new History(1, { events: 1_000, bytes: 1e9 })
  const edit = Tree.empty.edit()
  const trees = [Tree.empty, Tree.empty]
  const events = writes(50)
  const last = events.at(-1)?.type === 'put' ? events.at(-1)?.previous : undefined
  for (const event of events) {
    if (event.type === 'put') edit.put(event.entry)
    history.append([event])
    trees.push(edit.tree())
  }
  edit.delete('/k/1')
  history.append([{ type: 'delete', revision: 52, previous: trees[51]!.get('/k/1')! }])
  const newest = edit.tree()
  expect(last).toBeDefined()
  for (let revision = 1; revision <= 51; revision++) {
    const undone = allSteps(history.undo(newest, revision))
    expect([...undone.entries(everything)]).toEqual([...trees[revision]!.entries(everything)])
  }
  expect(allSteps(history.undo(newest, 52)).get('/k/1')).toBeUndefined()
})

test('History lets replaced entries lose their memo when newer events have come', () => {
  const history = new History(1, { events: 10_000, bytes: 1e9 })
  const events = writes(2_000)
  history.append(events)
  const memos = events.map((event) => event.previous?.memo)
  expect(memos.slice(0, 1_400).every((memo) => memo === undefined)).toBe(true)
  expect(memos.slice(1_600)).toEqual(events.slice(1_600).map((event) => `memo of ${revisionOf(event) - 3}`))
})

test('undo() is done in steps, between which the history may go on and forget', () => {
  const history = new History(1, { events: 1_000, bytes: 1e9 })
  const edit = Tree.empty.edit()
  let before = Tree.empty
  const write = (first: number, count: number): void => {
    for (let revision = first; revision < first + count; revision++) {
      const entry = entryOf(`/k/${revision % 700}`, revision)
      history.append([{ type: 'put', entry, previous: edit.put(entry) }])
    }
  }
  write(2, 500)
  before = edit.tree()
  write(502, 500)
  const steps = history.undo(edit.tree(), 501)
  let pauses = 0
  let step = steps.next()
  for (; !step.done; step = steps.next()) {
    pauses++
    write(2_000 * pauses, 1_500)
  }
  expect([...step.value.entries(everything)]).toEqual([...before.entries(everything)])
  expect(pauses).toBeGreaterThanOrEqual(5)
})
