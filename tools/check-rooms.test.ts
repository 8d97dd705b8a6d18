import { expect, test } from 'vitest'
import { checkRooms, problemsIn } from './check-rooms.ts'

const rooms = [
  { name: 'base', pure: true },
  { name: 'store', pure: true },
  { name: 'store/lmdb', pure: false },
]

test('problemsIn() refuses an import of node: in a pure room, and allows it in a host room', () => {
  const text = "import { readFileSync } from 'node:fs'"
  expect(problemsIn('store/a.ts', text, rooms)).toEqual(['store/a.ts: imports from node:, but store is a pure room'])
  expect(problemsIn('store/lmdb/a.ts', text, rooms)).toEqual([])
})

test.each(['Date.now()', 'new Date()', 'Math.random()', 'setTimeout(f, 1)', 'performance.now()', 'process.env'])(
  'problemsIn() refuses %s in a pure room',
  (code) => {
    expect(problemsIn('base/a.ts', `const x = ${code}`, rooms)).toHaveLength(1)
    expect(problemsIn('store/lmdb/a.ts', `const x = ${code}`, rooms)).toEqual([])
  },
)

test('problemsIn() refuses a relative import that leaves the room', () => {
  expect(problemsIn('store/lmdb/a.ts', "import { b } from '../b.ts'", rooms)).toHaveLength(1)
  expect(problemsIn('store/lmdb/a.ts', "import { b } from './deep/b.ts'", rooms)).toEqual([])
})

test('checkRooms() finds every room and every file in order', () => {
  const { rooms: found, files, problems } = checkRooms(new URL('../src', import.meta.url).pathname)
  expect(found).toBeGreaterThan(15)
  expect(files).toBeGreaterThan(60)
  expect(problems).toEqual([])
})
