import { beforeEach, describe, expect, test } from 'vitest'
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import { simulatedHost } from '../../simulated/host.ts'
import type { Ownership, VolumeFiles } from '../../seams/volume-files.ts'
import type { MountedVolume, VolumeSources } from '../plugin.ts'
import { persistentVolumePlugin } from './plugin.ts'

const pod: Pod = { metadata: { namespace: 'ns', name: 'p', uid: 'pod' }, spec: { containers: [{ name: 'c' }] } }
const claimed: Volume = { name: 'data', persistentVolumeClaim: { claimName: 'data' } }

let claim: PersistentVolumeClaim
let persistent: PersistentVolume
let owned: (readonly [string, Ownership])[]
const { volumes } = simulatedHost({ nodeName: 'n', addresses: ['192.168.0.1'] })
let marked: Set<string>
beforeEach(() => {
  claim = {
    metadata: { namespace: 'ns', name: 'data', uid: 'claim' },
    spec: { volumeName: 'pv' },
    status: { phase: 'Bound' },
  }
  persistent = { metadata: { name: 'pv' }, spec: { claimRef: { uid: 'claim' }, hostPath: { path: '/data' } } }
  owned = []
  marked = new Set()
})

function setUp(volume = claimed, readOnly = false): Promise<MountedVolume> {
  const sources: Partial<VolumeSources> = {
    claim: (namespace, name) =>
      name === claim.metadata.name
        ? Promise.resolve(claim)
        : Promise.reject(new Error(`persistentvolumeclaims "${name}" not found in ${namespace}`)),
    persistentVolume: () => Promise.resolve(persistent),
  }
  const files: VolumeFiles = {
    ...volumes,
    kindOf: (path) => Promise.resolve(path === '/gone' ? 'none' : 'directory'),
    isReady: (path) => Promise.resolve(marked.has(path)),
    markReady: (path) => Promise.resolve(void marked.add(path)),
    setOwnership: (path, ownership) => Promise.resolve(void owned.push([path, ownership])),
  }
  return persistentVolumePlugin.setUp({
    pod,
    volume: readOnly ? { ...volume, persistentVolumeClaim: { claimName: 'data', readOnly } } : volume,
    path: '/pods/pod/volumes/x',
    files,
    sources: sources as VolumeSources,
    allocatable: {},
    ownership: () => ({ group: 7, readOnly: false, onRootMismatch: false }),
  })
}

describe('a persistent volume that lives on the node', () => {
  test('is mounted where its hostPath is, and belongs to whom it did', async () => {
    expect(await setUp()).toMatchObject({ path: '/data', readOnly: false })
    expect(await setUp(claimed, true)).toMatchObject({ path: '/data', readOnly: true })
    expect(owned).toEqual([])
  })

  test('is mounted where its local path is, and belongs to the group that the pod wants', async () => {
    persistent = { ...persistent, spec: { claimRef: { uid: 'claim' }, local: { path: '/disk' } } }
    expect(await setUp()).toMatchObject({ path: '/disk', readOnly: false })
    expect(owned).toEqual([['/disk', { group: 7, readOnly: false, onRootMismatch: false }]])
    // What containers made of it since is theirs: databases refuse folders that others may read.
    await setUp()
    expect(owned).toHaveLength(1)
    persistent = { ...persistent, spec: { claimRef: { uid: 'claim' }, local: { path: '/gone' } } }
    await expect(setUp()).rejects.toThrow('path "/gone" does not exist')
  })

  test('waits until claim and volume know of each other', async () => {
    const status = { phase: 'Pending' } as const
    claim = { ...claim, status }
    await expect(setUp()).rejects.toThrow('error processing PVC ns/data: PVC is not bound')
    claim = { ...claim, status: { phase: 'Bound' } }
    persistent = { metadata: { name: 'pv' }, spec: { claimRef: { uid: 'other' } } }
    await expect(setUp()).rejects.toThrow('its pv.Spec.ClaimRef.UID other does not point to claim.UID claim')
    persistent = { metadata: { name: 'pv' }, spec: {} }
    await expect(setUp()).rejects.toThrow('found PV object pv but it has a nil pv.Spec.ClaimRef')
    await expect(setUp({ name: 'x', persistentVolumeClaim: { claimName: 'none' } })).rejects.toThrow(
      'error processing PVC ns/none: failed to fetch PVC from API server: persistentvolumeclaims "none" not found in ns',
    )
  })

  test('of a claim that is going is not given to a new pod, unless the claim is held for those that use it', async () => {
    const going = { ...claim.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
    claim = { ...claim, metadata: going }
    await expect(setUp()).rejects.toThrow('PVC is being deleted')
    claim = { ...claim, metadata: { ...going, finalizers: ['kubernetes.io/pvc-protection'] } }
    expect(await setUp()).toMatchObject({ path: '/data' })
  })

  test('of an ephemeral claim is for the pod that owns the claim', async () => {
    const ephemeral: Volume = { name: 'data', ephemeral: {} }
    claim = { ...claim, metadata: { ...claim.metadata, name: 'p-data' } }
    await expect(setUp(ephemeral)).rejects.toThrow('PVC ns/p-data was not created for pod ns/p (pod is not owner)')
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'pod', controller: true }
    claim = { ...claim, metadata: { ...claim.metadata, ownerReferences: [owner] } }
    expect(await setUp(ephemeral)).toMatchObject({ path: '/data' })
  })
})
