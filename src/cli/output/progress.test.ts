import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Terminal } from '../command.ts'
import { terminalProgress } from './progress.ts'

let lines: string[] = []
const terminal: Terminal = {
  print: (line) => void lines.push(line),
  complain: () => {},
  isInteractive: false,
  signal: new AbortController().signal,
}

beforeEach(() => {
  lines = []
  vi.useFakeTimers({ now: 0, toFake: ['setInterval', 'clearInterval', 'Date'] })
})
afterEach(() => void vi.useRealTimers())

describe('terminalProgress()', () => {
  test('shows each step with its time when it is done', () => {
    const progress = terminalProgress(terminal, () => Date.now())
    const [store, server] = [progress.begin('store'), progress.begin('API server')]
    vi.advanceTimersByTime(40)
    store.done()
    vi.advanceTimersByTime(400)
    server.done('https://127.0.0.1:6443')
    expect(lines).toEqual(['   0.04 s  store', '   0.44 s  API server       https://127.0.0.1:6443'])
    progress[Symbol.dispose]()
  })

  test('tells what is waited for when nothing happens', () => {
    const progress = terminalProgress(terminal, () => Date.now())
    // Time without a step is not time that a step took.
    vi.advanceTimersByTime(10_000)
    progress.begin('store').failed()
    const node = progress.begin('node one')
    progress.begin('node two')
    vi.advanceTimersByTime(7000)
    expect(lines).toEqual([
      '      ...  waiting for node one and 1 more (3 s)',
      '      ...  waiting for node one and 1 more (6 s)',
    ])
    node.done()
    progress[Symbol.dispose]()
    vi.advanceTimersByTime(60_000)
    expect(lines).toHaveLength(3)
  })
})
