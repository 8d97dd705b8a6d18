import { expect, test } from 'vitest'
import type { Container, Pod } from '#api/core/v1'
import { extendedClaim } from './extended.ts'

const gpu = 'example.com/gpu'

const container = (name: string, count: number, more: Partial<Container> = {}): Container => ({
  name,
  resources: { requests: { cpu: '1', ...(count > 0 ? { [gpu]: `${count}` } : {}) } },
  ...more,
})

function claimed(containers: readonly Container[], initContainers: readonly Container[] = []): readonly string[][] {
  const pod: Pod = { metadata: { namespace: 'default', name: 'web', uid: 'u' }, spec: { containers, initContainers } }
  const { claim, mappings } = extendedClaim(pod, [gpu], () => 'gpu')
  return [
    (claim.spec.devices?.requests ?? []).map(({ name, exactly }) => `${name}: ${exactly?.count}`),
    mappings.map(({ containerName, requestName }) => `${containerName} ${requestName}`),
  ]
}

test('containers that run side by side get devices each', () => {
  const sidecar = container('side', 1, { restartPolicy: 'Always' })
  expect(claimed([container('a', 1), container('b', 0), container('c', 2)], [sidecar])).toEqual([
    ['container-0-request-1: 1', 'container-1-request-1: 1', 'container-3-request-1: 2'],
    ['side container-0-request-1', 'a container-1-request-1', 'c container-3-request-1'],
  ])
})

test('an init container uses what later containers get, and asks for what is missing', () => {
  expect(claimed([container('a', 2)], [container('init', 1)])).toEqual([
    ['container-1-request-1: 2'],
    ['a container-1-request-1', 'init container-1-request-1'],
  ])
  expect(claimed([container('a', 1)], [container('init', 3)])).toEqual([
    ['container-0-request-1: 2', 'container-1-request-1: 1'],
    ['a container-1-request-1', 'init container-1-request-1', 'init container-0-request-1'],
  ])
})

test('of several init containers the one that lacks most asks for all of them', () => {
  expect(claimed([container('a', 0)], [container('one', 1), container('two', 2)])).toEqual([
    ['container-1-request-1: 2'],
    ['one container-1-request-1', 'two container-1-request-1'],
  ])
})
