import { expect, test } from 'vitest'
import { clusterNames } from './names.ts'
import { numberNodes } from './state.ts'
import { freeSubnets } from './subnet.ts'

test('freeSubnets() gives blocks that overlap nothing in use, starting where the name says', () => {
  const [first = ''] = freeSubnets('default', [])
  expect(first).toMatch(/^172\.(28|29|30)\.\d+\.0\/24$/)
  expect([...freeSubnets('default', ['default', '0.0.0.0/0'])]).toHaveLength(768)
  const [second = ''] = freeSubnets('default', [first])
  expect(second).not.toBe(first)
  const within28 = [...freeSubnets('default', ['172.29.0.0/16', '172.30.0.0/15', '172.28.5.1'])]
  expect(within28).toHaveLength(255)
  expect(within28).not.toContain('172.28.5.0/24')
  expect([...freeSubnets('default', ['172.16.0.0/12'])]).toEqual([])
})

test('numberNodes() keeps the numbers of nodes that stay, and gives free ones to the others', () => {
  expect(numberNodes(['a', 'b'], {})).toEqual({ a: 2, b: 3 })
  expect(numberNodes(['c', 'b', 'd'], { a: 2, b: 3 })).toEqual({ b: 3, c: 2, d: 4 })
  expect(() =>
    numberNodes(
      Array.from({ length: 254 }, (_, i) => `n${i}`),
      {},
    ),
  ).toThrow('room for 198 nodes')
})

test('clusterNames() fits a link name whatever the cluster is called', () => {
  const names = ['default', 'a-very-long-name-for-a-cluster-that-somebody-likes', 'x'].map(clusterNames)
  for (const { uplink } of names) expect(uplink.length).toBeLessThanOrEqual(15)
  expect(new Set(names.map(({ uplink }) => uplink)).size).toBe(3)
})
