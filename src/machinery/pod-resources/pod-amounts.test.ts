import { expect, test } from 'vitest'
import type { Container, Pod, PodSpec, PodStatus } from '#api/core/v1'
import { amountsOf, resourceListOf } from './amounts.ts'
import { containerAmounts, podAmounts } from './pod-amounts.ts'
import type { AmountKind, PodAmountOptions } from './pod-amounts.ts'

const container = (name: string, cpu: string, more: Partial<Container> = {}): Container => ({
  name,
  resources: { requests: { cpu }, limits: { cpu } },
  ...more,
})
const sidecar = { restartPolicy: 'Always' } as const

function sums(
  spec: Partial<PodSpec>,
  options: PodAmountOptions = {},
  status: PodStatus = {},
  kind: AmountKind = 'requests',
): object {
  const pod: Pod = { metadata: {}, spec: { containers: [container('app', '1')], ...spec }, status }
  return resourceListOf(podAmounts(pod, kind, options))
}

test('containers and sidecars add up, or what the start needs where that is more', () => {
  const initContainers = [container('side', '500m', sidecar), container('init', '2'), container('last', '1', sidecar)]
  expect(sums({ initContainers })).toEqual({ cpu: '2500m' })
  expect(sums({ initContainers: [container('init', '200m')] })).toEqual({ cpu: '1' })
  expect(sums({ initContainers: [container('init', '3'), container('side', '1', sidecar)] })).toEqual({ cpu: '3' })
})

test('what the pod asks for as a whole goes before its containers, overhead on top', () => {
  const resources = { requests: { cpu: '1500m', 'example.com/gpu': '1' }, limits: { memory: '1Gi' } }
  const overhead = { cpu: '100m', memory: '10Mi' }
  expect(sums({ resources, overhead })).toEqual({ cpu: '1500m' })
  expect(sums({ resources, overhead }, { overhead: true })).toEqual({ cpu: '1600m', memory: '10Mi' })
  const none = { containers: [container('app', '0')], overhead }
  expect(sums({ ...none, resources }, { overhead: true }, {}, 'limits')).toEqual({ cpu: '0', memory: '1034Mi' })
})

const running = (cpu: string, allocated?: string): PodStatus['containerStatuses'] => [
  {
    name: 'app',
    image: 'a',
    imageID: '',
    ready: true,
    restartCount: 0,
    resources: { requests: { cpu } },
    ...(allocated === undefined ? {} : { allocatedResources: { cpu: allocated } }),
  },
]

test('in the midst of a resize the most counts of what is wanted, given and in force', () => {
  const resized = { resized: 'containers' } as const
  expect(sums({}, resized, { containerStatuses: running('2') ?? [] })).toEqual({ cpu: '2' })
  expect(sums({}, resized, { containerStatuses: running('500m', '3') ?? [] })).toEqual({ cpu: '3' })
  expect(sums({}, {}, { containerStatuses: running('2') ?? [] })).toEqual({ cpu: '1' })
  const conditions = [{ type: 'PodResizePending', status: 'True' as const, reason: 'Infeasible' }]
  expect(sums({}, resized, { conditions, containerStatuses: running('500m') ?? [] })).toEqual({ cpu: '500m' })
})

test('what the node tells of init containers that end counts for nothing', () => {
  const initContainers = [container('init', '2')]
  const told = (running('9') ?? []).map((status) => ({ ...status, name: 'init' }))
  expect(sums({ initContainers }, { resized: 'pod' }, { initContainerStatuses: told })).toEqual({ cpu: '2' })
})

test('a resize of the pod as a whole counts where it is asked for', () => {
  const resources = { requests: { cpu: '1' } }
  const status: PodStatus = { resources: { requests: { cpu: '2' } }, allocatedResources: { cpu: '3' } }
  expect(sums({ resources }, { resized: 'pod' }, status)).toEqual({ cpu: '3' })
  expect(sums({ resources }, { resized: 'containers' }, status)).toEqual({ cpu: '1' })
})

test('containers that name no amount count with what they are said to miss', () => {
  const missing = amountsOf({ cpu: '100m', memory: '200Mi' })
  expect(sums({ containers: [container('a', '1'), { name: 'b' }] }, { missing })).toEqual({
    cpu: '1100m',
    memory: '400Mi',
  })
})

test('fractions add up before they are rounded', () => {
  const containers = ['a', 'b', 'c', 'd'].map((name) => container(name, '250u'))
  expect(containerAmounts({ containers }, 'requests').get('cpu')?.milliValue()).toBe(1)
})
