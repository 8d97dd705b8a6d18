import { expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'
import { fullExtent, quickExtent } from './parts/part.ts'

test('everything is measured in full when nothing else is said', () => {
  expect(parseCommandLine([])).toMatchObject({
    parts: ['cluster', 'api', 'writes', 'mixed', 'memory', 'scheduler', 'proxy', 'dns', 'ingress'],
    extent: fullExtent,
  })
})

test('parts keep their order, and what is measured can be made less', () => {
  const { parts, against, runc, extent } = parseCommandLine([
    'scheduler',
    'api',
    '--against',
    '/bin',
    '--runc',
    '--quick',
    '--idle',
    '5',
    '--pods',
    '110',
    '--nodes',
    '500',
    '--rate',
    '20',
    '--deployments',
    '7',
  ])
  expect(parts).toEqual(['api', 'scheduler'])
  expect(against).toBe('/bin')
  expect(runc).toBe(true)
  expect(extent).toEqual({
    ...quickExtent,
    idleMs: 5000,
    podsAtOnce: 110,
    scaleNodes: 500,
    podsPerSecond: 20,
    rolledDeployments: 7,
  })
  expect(parseCommandLine(['rollout', 'scale']).parts).toEqual(['scale', 'rollout'])
})

test('what makes no sense is refused', () => {
  expect(() => parseCommandLine(['apis'])).toThrow(
    'there is no part "apis", but cluster, api, writes, mixed, memory, scheduler',
  )
  expect(() => parseCommandLine(['--seconds', '0'])).toThrow('--seconds takes a number above 0, but "0" was given')
  expect(() => parseCommandLine(['--fast'])).toThrow('--fast')
})
