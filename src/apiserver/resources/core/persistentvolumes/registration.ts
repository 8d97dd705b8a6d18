import type { PersistentVolume } from '#api/core/v1'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { accessModesText } from './access-modes.ts'
import { defaultPersistentVolume, persistentVolumeStatusRules, persistentVolumeStrategy } from './strategy.ts'

/** Where objects of older times have the name of their storage class. */
export const storageClassAnnotation = 'volume.beta.kubernetes.io/storage-class'

export const persistentVolumesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'persistentvolumes',
  strategy: persistentVolumeStrategy,
  defaults: defaults<PersistentVolume>(defaultPersistentVolume),
  updates: { status: persistentVolumeStatusRules },
  columns: tableColumns<PersistentVolume>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Capacity', type: 'string' },
      { name: 'Access Modes', type: 'string' },
      { name: 'Reclaim Policy', type: 'string' },
      { name: 'Status', type: 'string' },
      { name: 'Claim', type: 'string' },
      { name: 'StorageClass', type: 'string' },
      { name: 'VolumeAttributesClass', type: 'string' },
      { name: 'Reason', type: 'string' },
      { name: 'Age', type: 'string' },
      { name: 'VolumeMode', type: 'string', priority: 1 },
    ],
    (volume, now) => {
      const { metadata, spec, status } = volume
      const { claimRef } = spec
      return {
        cells: [
          metadata.name ?? '',
          spec.capacity?.['storage'] ?? '0',
          accessModesText(spec.accessModes ?? []),
          spec.persistentVolumeReclaimPolicy ?? '',
          metadata.deletionTimestamp === undefined ? (status?.phase ?? '') : 'Terminating',
          claimRef ? `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}` : '',
          metadata.annotations?.[storageClassAnnotation] ?? spec.storageClassName ?? '',
          spec.volumeAttributesClassName ?? '<unset>',
          status?.reason ?? '',
          ageOf(volume, now),
          spec.volumeMode ?? '<unset>',
        ],
      }
    },
  ),
}
