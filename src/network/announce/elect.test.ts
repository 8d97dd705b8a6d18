import { expect, test } from 'vitest'
import { ownerOf } from './elect.ts'

const nodes = ['one', 'two', 'three', 'four']
const addresses = Array.from({ length: 200 }, (_, index) => `192.168.1.${index}`)

test('addresses are spread over nodes, whatever the order in which these are known', () => {
  const counts = new Map<string, number>()
  for (const address of addresses) {
    const owner = ownerOf(address, nodes) ?? ''
    expect(ownerOf(address, nodes.toReversed())).toBe(owner)
    counts.set(owner, (counts.get(owner) ?? 0) + 1)
  }
  for (const node of nodes) expect(counts.get(node)).toBeGreaterThan(25)
})

test('a node that goes leaves its own addresses to others, and nothing else changes', () => {
  for (const address of addresses) {
    const before = ownerOf(address, nodes)
    const after = ownerOf(address, nodes.slice(1))
    if (before !== 'one') expect(after).toBe(before)
    else expect(nodes.slice(1)).toContain(after)
  }
  expect(ownerOf('192.168.1.1', [])).toBeUndefined()
})
