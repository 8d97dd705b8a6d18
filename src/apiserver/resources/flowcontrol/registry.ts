import type { ResourceRegistration } from '../../resource/registration.ts'
import { flowSchemasRegistration } from './flowschemas/registration.ts'
import { priorityLevelsRegistration } from './prioritylevelconfigurations/registration.ts'

export const flowcontrolRegistrations: readonly ResourceRegistration[] = [
  flowSchemasRegistration,
  priorityLevelsRegistration,
]
