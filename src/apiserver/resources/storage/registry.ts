import type { ResourceRegistration } from '../../resource/registration.ts'
import { csiDriversRegistration } from './csidrivers/registration.ts'
import { csiNodesRegistration } from './csinodes/registration.ts'
import { csiStorageCapacitiesRegistration } from './csistoragecapacities/registration.ts'
import { storageClassesRegistration } from './storageclasses/registration.ts'
import { volumeAttachmentsRegistration } from './volumeattachments/registration.ts'
import { volumeAttributesClassesRegistration } from './volumeattributesclasses/registration.ts'

export const storageRegistrations: readonly ResourceRegistration[] = [
  csiDriversRegistration,
  csiNodesRegistration,
  csiStorageCapacitiesRegistration,
  storageClassesRegistration,
  volumeAttachmentsRegistration,
  volumeAttributesClassesRegistration,
]
