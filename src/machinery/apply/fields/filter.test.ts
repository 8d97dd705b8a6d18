import { expect, test } from 'vitest'
import { anyElement, excludeFields, fieldPath, includeFields } from './filter.ts'
import { setOf } from './set.ts'

const set = setOf([
  fieldPath('spec'),
  fieldPath('spec', 'containers'),
  ['f:spec', 'f:containers', 'k:{"name":"a"}'],
  ['f:spec', 'f:containers', 'k:{"name":"a"}', 'f:image'],
  ['f:spec', 'f:containers', 'k:{"name":"a"}', 'f:resources', 'f:limits', 'f:cpu'],
  fieldPath('status', 'phase'),
  fieldPath('metadata', 'labels', 'x'),
])

test('excludeFields() leaves out fields and everything below them', () => {
  expect(excludeFields(['spec', 'containers'], ['status'])(set)).toEqual({
    'f:metadata': { 'f:labels': { 'f:x': {} } },
    'f:spec': {},
  })
})

test('includeFields() keeps what lies on and below its patterns', () => {
  const filter = includeFields(['spec', 'containers', anyElement, 'resources'], ['status', 'phase'])
  expect(filter(set)).toEqual({
    'f:spec': {
      '.': {},
      'f:containers': { '.': {}, 'k:{"name":"a"}': { '.': {}, 'f:resources': { 'f:limits': { 'f:cpu': {} } } } },
    },
    'f:status': { 'f:phase': {} },
  })
  expect(includeFields(['nothing'])(set)).toEqual({})
  expect(includeFields()(set)).toBe(set)
})
