import { expect, test } from 'vitest'
import { ipFamilyOf } from '#machinery'
import { simulatedNodes } from './simulated-nodes.ts'

test.each(['IPv4', 'IPv6'] as const)('simulatedNodes() have addresses of their own in %s', (family) => {
  const nodes = simulatedNodes(
    Array.from({ length: 3000 }, (_, index) => `node-${index}`),
    family,
  )
  for (const part of ['address', 'podBlock'] as const) {
    expect(new Set(nodes.map((node) => node[part])).size).toBe(3000)
    expect(new Set(nodes.map((node) => ipFamilyOf(node[part])))).toEqual(new Set([family]))
  }
})
