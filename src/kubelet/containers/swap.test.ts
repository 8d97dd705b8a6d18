import { expect, test } from 'vitest'
import type { Container, Pod } from '#api/core/v1'
import { readConfiguration } from '../config/configuration.ts'
import { withSwap, type SwapPolicy } from './swap.ts'

const gibi = 1024 ** 3
const swap: SwapPolicy = { behavior: 'LimitedSwap', isLimitable: true, cgroupVersion: 2, capacity: 4 * gibi }

function given(resources: Container['resources'], policy: Partial<SwapPolicy> = {}, spec: Partial<Pod['spec']> = {}) {
  const container: Container = { name: 'app', ...(resources && { resources }) }
  const pod: Pod = { metadata: { name: 'pod' }, spec: { containers: [container], ...spec } }
  const memory = resources?.limits?.['memory']
  const before = memory === undefined ? {} : { memoryLimitInBytes: Number(memory) }
  return withSwap(before, pod, container, { memoryCapacity: 16 * gibi, swap: { ...swap, ...policy } })
}

const swapMax = (bytes: number): object => ({ unified: { 'memory.swap.max': String(bytes) } })

test('a burstable container has as much of the swap as it asks for of the memory', () => {
  expect(given({ requests: { memory: '4Gi' } })).toEqual(swapMax(gibi))
  expect(given({ requests: { memory: '4Gi' }, limits: { memory: String(8 * gibi) } })).toMatchObject(swapMax(gibi))
})

test('there is no swap for others: guaranteed, best effort, critical, as much asked for as allowed, too much asked for', () => {
  const memory = String(gibi)
  expect(given({ requests: { memory, cpu: '1' }, limits: { memory, cpu: '1' } })).toMatchObject(swapMax(0))
  expect(given(undefined)).toEqual(swapMax(0))
  expect(given({ requests: { memory } }, {}, { priority: 2_000_000_000 })).toEqual(swapMax(0))
  expect(given({ requests: { memory }, limits: { memory } })).toMatchObject(swapMax(0))
  expect(given({ requests: { memory: '17Gi' } })).toEqual(swapMax(0))
  expect(given({ requests: { memory } }, { behavior: 'NoSwap' })).toEqual(swapMax(0))
})

test('version 1 of cgroups limits memory and swap together; a kernel that can not is not asked to', () => {
  const memory = String(gibi)
  expect(given({ limits: { memory } }, { cgroupVersion: 1 })).toEqual({
    memoryLimitInBytes: gibi,
    memorySwapLimitInBytes: gibi,
  })
  expect(given({ requests: { memory } }, { cgroupVersion: 1 })).toEqual({})
  expect(given({ limits: { memory } }, { isLimitable: false })).toEqual({ memoryLimitInBytes: gibi })
})

test('the configuration knows two behaviours', () => {
  const read = (swapBehavior: string) => readConfiguration({ memorySwap: { swapBehavior } }).swapBehavior
  expect([read(''), read('NoSwap'), read('LimitedSwap')]).toEqual(['NoSwap', 'NoSwap', 'LimitedSwap'])
  expect(() => read('UnlimitedSwap')).toThrow(
    'memorySwap.swapBehavior "UnlimitedSwap" must be one of: "", "LimitedSwap" or "NoSwap"',
  )
})
