import { expect, test } from 'vitest'
import { AnswersByRequest } from './answers.ts'

const asked = { verb: 'update', group: 'apps', resource: 'deployments', subresource: 'status', namespace: 'default' }

test('an answer that was kept is there for the same request, and for no other', () => {
  const answers = new AnswersByRequest<string>()
  answers.keepResource(asked, 'yes')
  answers.keepPath('get', '/healthz', 'of course')
  expect(answers.ofResource({ ...asked })).toBe('yes')
  expect(answers.ofPath('get', '/healthz')).toBe('of course')
  for (const part of ['verb', 'group', 'resource', 'subresource', 'namespace'] as const)
    expect(answers.ofResource({ ...asked, [part]: 'other' })).toBeUndefined()
  expect(answers.ofPath('get', '/livez')).toBeUndefined()
})

test('nothing is kept for requests that ask for something long', () => {
  const answers = new AnswersByRequest<string>()
  const namespace = 'n'.repeat(10_000)
  answers.keepResource({ ...asked, namespace }, 'yes')
  expect(answers.ofResource({ ...asked, namespace })).toBeUndefined()
})
