import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AllocationResult, DeviceRequestAllocationResult, ResourceClaim } from '#api/resource/v1'
import { DeviceUse } from './device-use.ts'

const devices = ['a', 'b', 'c']

const result = fc
  .record({ device: fc.constantFrom(...devices), share: fc.boolean(), size: fc.integer({ min: 1, max: 5 }) })
  .map(({ device, share, size }): DeviceRequestAllocationResult => ({
    request: 'r',
    driver: 'd',
    pool: 'p',
    device,
    ...(share ? { shareID: 's', consumedCapacity: { memory: `${size}Gi` } } : {}),
  }))

const allocation = fc.option(fc.array(result, { maxLength: 3 }), { nil: undefined })

function claim(uid: string, results: readonly DeviceRequestAllocationResult[] | undefined): ResourceClaim {
  return {
    metadata: { namespace: 'default', name: uid, uid },
    spec: {},
    ...(results ? { status: { allocation: { devices: { results } } } } : {}),
  }
}

const state = (use: DeviceUse): readonly unknown[] =>
  devices.map((device) => {
    const id = `d/p/${device}`
    return [use.isTaken(id), use.isShared(id), use.consumedOf(id).get('memory')?.value() ?? 0]
  })

test('what is followed by difference is what counting anew gives', () => {
  const steps = fc.array(fc.record({ uid: fc.constantFrom('1', '2', '3'), allocation, deleted: fc.boolean() }))
  fc.assert(
    fc.property(steps, (changes) => {
      const use = new DeviceUse()
      const claims = new Map<string, ResourceClaim>()
      for (const { uid, allocation: results, deleted } of changes) {
        const next = deleted ? undefined : claim(uid, results)
        use.claimChanged(claims.get(uid), next)
        if (next) claims.set(uid, next)
        else claims.delete(uid)
      }
      const anew = new DeviceUse()
      for (const each of claims.values()) anew.claimChanged(undefined, each)
      expect(state(use)).toEqual(state(anew))
    }),
  )
})

test('devices stay taken from the decision until the claim shows them', () => {
  const use = new DeviceUse()
  const given: AllocationResult = { devices: { results: [{ request: 'r', driver: 'd', pool: 'p', device: 'a' }] } }
  const isTaken = (): boolean => use.isTaken('d/p/a')
  const empty = claim('1', undefined)
  use.claimChanged(undefined, empty)
  use.reserve('1', given)
  // The reservation of somebody else is seen before our write is.
  use.claimChanged(empty, empty)
  expect([isTaken(), use.isPending('1')]).toEqual([true, true])
  const full = { ...empty, status: { allocation: given } }
  use.claimChanged(empty, full)
  expect([isTaken(), use.isPending('1')]).toEqual([true, false])
  use.claimChanged(full, empty)
  expect(isTaken()).toBe(false)
})
