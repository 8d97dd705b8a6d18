import { expect, test } from 'vitest'
import { gather } from './gather.ts'

test('gather() puts parts together in the order of names', () => {
  const service = { resources: { services: { kind: 'Service', singular: 'service' } }, types: { Service: {} } }
  const node = { resources: { nodes: { kind: 'Node', singular: 'node' } }, types: { Taint: {}, Node: {} } }
  const { resources, types } = gather([service, node, { types: { AXE: {} } }])
  expect(Object.keys(resources)).toEqual(['nodes', 'services'])
  expect(Object.keys(types)).toEqual(['AXE', 'Node', 'Service', 'Taint'])
})

test('gather() refuses what is told twice', () => {
  expect(() => gather([{ types: { Node: {} } }, { types: { Taint: {} } }, { types: { Node: {} } }])).toThrow(
    'Node is told twice',
  )
})
