import type { PersistentVolumeClaim } from '#api/core/v1'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { accessModesText } from '../persistentvolumes/access-modes.ts'
import { storageClassAnnotation } from '../persistentvolumes/registration.ts'
import { claimStatusRules, claimStrategy, defaultClaim } from './strategy.ts'

export const persistentVolumeClaimsRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'persistentvolumeclaims',
  strategy: claimStrategy,
  defaults: defaults<PersistentVolumeClaim>(defaultClaim),
  updates: { status: claimStatusRules },
  columns: tableColumns<PersistentVolumeClaim>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Status', type: 'string' },
      { name: 'Volume', type: 'string' },
      { name: 'Capacity', type: 'string' },
      { name: 'Access Modes', type: 'string' },
      { name: 'StorageClass', type: 'string' },
      { name: 'VolumeAttributesClass', type: 'string' },
      { name: 'Age', type: 'string' },
      { name: 'VolumeMode', type: 'string', priority: 1 },
    ],
    (claim, now) => {
      const { metadata, spec, status } = claim
      const bound = (spec.volumeName ?? '') !== ''
      return {
        cells: [
          metadata.name ?? '',
          metadata.deletionTimestamp === undefined ? (status?.phase ?? '') : 'Terminating',
          spec.volumeName ?? '',
          bound ? (status?.capacity?.['storage'] ?? '0') : '',
          bound ? accessModesText(status?.accessModes ?? []) : '',
          metadata.annotations?.[storageClassAnnotation] ?? spec.storageClassName ?? '',
          spec.volumeAttributesClassName ?? '<unset>',
          ageOf(claim, now),
          spec.volumeMode ?? '<unset>',
        ],
      }
    },
  ),
}
