import type { ResourceRegistration } from '../../resource/registration.ts'
import { deviceClassesRegistration } from './classes/registration.ts'
import { resourceClaimsRegistration } from './claims/registration.ts'
import { resourceClaimTemplatesRegistration } from './claims/templates.ts'
import { resourceSlicesRegistration } from './slices/registration.ts'

export const resourceRegistrations: readonly ResourceRegistration[] = [
  deviceClassesRegistration,
  resourceClaimsRegistration,
  resourceClaimTemplatesRegistration,
  resourceSlicesRegistration,
]
