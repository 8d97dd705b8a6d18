import { VirtualClock } from '#base'
import { afterEach, beforeEach, describe } from 'vitest'
import type { Store } from '../store.ts'
import { describeCompaction } from './compaction.ts'
import { describeExpiry } from './expiry.ts'
import type { StoreContract, StoreFixture } from './fixture.ts'
import { describeProperties } from './properties.ts'
import { describeReads } from './reads.ts'
import { describeReopening } from './reopening.ts'
import { describeWatches } from './watches.ts'
import { describeWrites } from './writes.ts'

export type { StoreContract, StoreFixture } from './fixture.ts'

/** The promises of the {@link Store} seam as tests: every implementation passes them. */
export function describeStore(name: string, contract: StoreContract): void {
  describe(name, () => {
    let clock = new VirtualClock()
    let fixtures: StoreFixture[] = []

    beforeEach(() => {
      clock = new VirtualClock()
      fixtures = []
    })
    afterEach(async () => {
      for (const fixture of fixtures) await fixture.dispose()
    })

    const openFixture = async (): Promise<StoreFixture> => {
      const fixture = await contract.open(clock)
      fixtures.push(fixture)
      return fixture
    }
    const open = async (): Promise<Store> => (await openFixture()).store

    describe('writes', () => describeWrites(open))
    describe('reads', () => describeReads(open, contract))
    describe('watches', () => describeWatches(open, () => clock, contract))
    describe('compaction', () => describeCompaction(open, contract))
    if (contract.expiresByClock) describe('expiry', () => describeExpiry(open, () => clock))
    if (contract.durable) describe('opening again', () => describeReopening(openFixture, () => clock, contract))
    describe('properties', () => describeProperties(openFixture, contract))
  })
}
