import { expect, test } from 'vitest'
import { configurationLines, threadsOf } from './text.ts'

test('threadsOf() leaves half of the cores to others, and none when there is one', () => {
  expect([1, 2, 3, 4, 16].map(threadsOf)).toEqual([1, 1, 1, 2, 8])
})

test('configurationLines() tells haproxy how many threads it has', () => {
  const configuration = { front: [], backends: [], files: new Map(), servers: new Map(), ports: new Map() }
  const lines = configurationLines(configuration, {
    socket: '/run/x.sock',
    graceSeconds: 5,
    threads: 3,
    wordsOf: () => '',
  })
  expect(lines.map(({ text }) => text)).toContain('nbthread 3')
})
