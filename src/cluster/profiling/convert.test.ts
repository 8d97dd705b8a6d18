import { expect, test } from 'vitest'
import { ofAllocations, ofProcessor } from './convert.ts'
import type { CallFrame } from './v8.ts'

const frame = (functionName: string): CallFrame => ({
  functionName,
  url: 'file:///a.js',
  lineNumber: 4,
  columnNumber: 0,
})
const seen = (name: string): object => ({ name, file: 'file:///a.js', line: 5 })

test('ofProcessor() has a stack for each place, innermost first, and leaves out the time when nothing was done', () => {
  const nodes = [
    { id: 1, callFrame: frame('(root)'), children: [2, 4] },
    { id: 2, callFrame: frame('outer'), children: [3] },
    { id: 3, callFrame: frame('') },
    { id: 4, callFrame: frame('(idle)') },
  ]
  const profile = { nodes, startTime: 0, endTime: 40, samples: [3, 4, 3, 2], timeDeltas: [0, 10, 20, 5] }
  const { samples, durationMs } = ofProcessor(profile, 0, 10)
  expect(durationMs).toBe(0.04)
  expect([...samples]).toEqual([
    { stack: [seen('(anonymous)'), seen('outer')], values: [2, 15_000] },
    { stack: [seen('outer')], values: [1, 0] },
  ])
})

test('ofAllocations() counts objects and bytes by who put them on the heap', () => {
  const inner = { id: 3, callFrame: frame('inner'), selfSize: 40, children: [] }
  const outer = { id: 2, callFrame: frame('outer'), selfSize: 0, children: [inner] }
  const head = { id: 1, callFrame: frame('(root)'), selfSize: 0, children: [outer] }
  const samples = [
    { nodeId: 3, size: 16 },
    { nodeId: 3, size: 24 },
  ]
  const profile = ofAllocations({ head, samples }, 0, 1000)
  expect([...profile.samples]).toEqual([{ stack: [seen('inner'), seen('outer')], values: [2, 40] }])
})
