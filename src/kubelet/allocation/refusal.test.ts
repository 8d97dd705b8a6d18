import { expect, test } from 'vitest'
import type { Container, Pod } from '#api/core/v1'
import { resizeRefusal, type ResizeRules } from './refusal.ts'

const rules: ResizeRules = {
  pinsCpus: false,
  pinsMemory: false,
  swap: { behavior: 'LimitedSwap', isLimitable: true, cgroupVersion: 2, capacity: 1024 ** 3 },
}

const pod = (memory: string, more: Partial<Container> = {}): Pod => ({
  metadata: { name: 'pod' },
  spec: { containers: [{ name: 'app', resources: { requests: { memory } }, ...more }] },
})

test('the memory that a container with swap requests stays as it is: its share of swap goes by that', () => {
  const refusal = { message: 'In-place resize of containers with swap is not supported.', detail: 'swap_limitation' }
  expect(resizeRefusal(pod('2Gi'), pod('1Gi'), rules)).toEqual(refusal)
  expect(resizeRefusal(pod('1Gi'), pod('1Gi'), rules)).toBeUndefined()
})

test('where there is no swap, or the container starts anew, it may change', () => {
  const restarts = { resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }] }
  expect(resizeRefusal(pod('2Gi', restarts), pod('1Gi', restarts), rules)).toBeUndefined()
  const without = (swap: Partial<ResizeRules['swap']>): unknown =>
    resizeRefusal(pod('2Gi'), pod('1Gi'), { ...rules, swap: { ...rules.swap, ...swap } })
  expect([without({ behavior: 'NoSwap' }), without({ cgroupVersion: 1 }), without({ isLimitable: false })]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
