import { expect, test } from 'vitest'
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec } from '#api/core/v1'
import { bestMatch, mismatch } from './match.ts'

const volume = (name: string, storage: string, spec: Partial<PersistentVolumeSpec> = {}): PersistentVolume => ({
  metadata: { name, uid: name },
  spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], ...spec },
  status: { phase: 'Available' },
})
const claim: PersistentVolumeClaim = {
  metadata: { namespace: 'default', name: 'data', uid: 'u' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '2Gi' } } },
}
const chosen = (volumes: readonly PersistentVolume[], prebound = false): string | undefined =>
  bestMatch(claim, volumes, prebound)?.metadata.name

test('the smallest volume that is large enough is chosen, of those with the fewest ways of access', () => {
  expect(chosen([volume('big', '10Gi'), volume('fit', '3Gi'), volume('small', '1Gi')])).toBe('fit')
  const shared = volume('shared', '2Gi', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] })
  expect(chosen([shared, volume('big', '10Gi')])).toBe('big')
  expect(chosen([volume('other', '3Gi', { storageClassName: 'fast' })])).toBeUndefined()
  expect(chosen([{ ...volume('new', '3Gi'), status: { phase: 'Pending' } }])).toBeUndefined()
})

test('a volume that is kept for the claim goes before all others, and is all that a waiting claim takes', () => {
  const kept = volume('kept', '10Gi', { claimRef: { namespace: 'default', name: 'data' } })
  const taken = volume('taken', '2Gi', { claimRef: { namespace: 'default', name: 'other' } })
  expect(chosen([volume('fit', '3Gi'), taken, kept])).toBe('kept')
  expect(chosen([volume('fit', '3Gi')], true)).toBeUndefined()
  expect(chosen([kept], true)).toBe('kept')
})

test('a volume that does not do for a claim that names it says why', () => {
  expect(mismatch(volume('v', '3Gi'), claim)).toBeUndefined()
  expect(mismatch(volume('v', '1Gi'), claim)).toBe('requested PV is too small')
  expect(mismatch(volume('v', '3Gi', { storageClassName: 'fast' }), claim)).toBe('storageClassName does not match')
  expect(mismatch(volume('v', '3Gi', { volumeMode: 'Block' }), claim)).toBe('incompatible volumeMode')
  expect(mismatch(volume('v', '3Gi', { accessModes: ['ReadOnlyMany'] }), claim)).toBe('incompatible accessMode')
})
