import { describe, expect, test } from 'vitest'
import type { Node, NodeSelectorRequirement, PodSpec } from '#api/core/v1'
import { matchesNodeSelector, meetsNodeAffinity } from './node-selector.ts'
import { tolerates } from './tolerations.ts'

const node = { metadata: { name: 'one', labels: { zone: 'a', cores: '8' } }, spec: {} } as Node

describe('matchesNodeSelector()', () => {
  const requirement = (key: string, operator: string, ...values: string[]): NodeSelectorRequirement =>
    ({ key, operator, values }) as NodeSelectorRequirement

  test.each([
    ['In', requirement('zone', 'In', 'a', 'b'), true],
    ['In of a label that is absent', requirement('rack', 'In', 'a'), false],
    ['NotIn', requirement('zone', 'NotIn', 'a'), false],
    ['NotIn of a label that is absent', requirement('rack', 'NotIn', 'a'), true],
    ['Exists', requirement('zone', 'Exists'), true],
    ['DoesNotExist', requirement('zone', 'DoesNotExist'), false],
    ['Gt', requirement('cores', 'Gt', '7'), true],
    ['Gt of the same', requirement('cores', 'Gt', '8'), false],
    ['Lt', requirement('cores', 'Lt', '+9'), true],
    ['Lt of what is no number', requirement('zone', 'Lt', '9'), false],
    ['Lt of more than 64 bits', requirement('cores', 'Lt', '9223372036854775808'), false],
  ])('%s', (_, one, expected) => {
    expect(matchesNodeSelector({ nodeSelectorTerms: [{ matchExpressions: [one] }] }, node)).toBe(expected)
  })

  test('takes any of its terms, of which an empty one means no node', () => {
    const wrong = { matchExpressions: [requirement('zone', 'In', 'b')] }
    const byName = { matchFields: [requirement('metadata.name', 'In', 'one')] }
    expect(matchesNodeSelector({ nodeSelectorTerms: [wrong, byName] }, node)).toBe(true)
    expect(matchesNodeSelector({ nodeSelectorTerms: [wrong, {}] }, node)).toBe(false)
    expect(matchesNodeSelector({ nodeSelectorTerms: [{ ...wrong, ...byName }] }, node)).toBe(false)
  })
})

test('meetsNodeAffinity() wants both the node selector and the affinity that is required', () => {
  const affinity = (zone: string): PodSpec['affinity'] => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }],
      },
    },
  })
  const meets = (spec: object): boolean => meetsNodeAffinity(spec as PodSpec, node)
  expect(meets({})).toBe(true)
  expect(meets({ nodeSelector: { zone: 'a' }, affinity: affinity('a') })).toBe(true)
  expect(meets({ nodeSelector: { zone: 'b' }, affinity: affinity('a') })).toBe(false)
  expect(meets({ nodeSelector: { zone: 'a' }, affinity: affinity('b') })).toBe(false)
})

test.each([
  ['the same', { key: 'gpu', value: 'a', effect: 'NoSchedule' }, true],
  ['another value', { key: 'gpu', value: 'b' }, false],
  ['another effect', { key: 'gpu', value: 'a', effect: 'NoExecute' }, false],
  ['any value', { key: 'gpu', operator: 'Exists' }, true],
  ['any key', { operator: 'Exists' }, true],
  ['another key', { key: 'cpu', operator: 'Exists' }, false],
  ['an operator that is off in this release', { key: 'gpu', operator: 'Gt', value: '1' }, false],
])('tolerates() %s', (_, toleration, expected) => {
  expect(tolerates(toleration, { key: 'gpu', value: 'a', effect: 'NoSchedule' })).toBe(expected)
})
