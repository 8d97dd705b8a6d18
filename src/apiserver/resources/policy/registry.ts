import type { ResourceRegistration } from '../../resource/registration.ts'
import { podDisruptionBudgetsRegistration } from './poddisruptionbudgets/registration.ts'

export const policyRegistrations: readonly ResourceRegistration[] = [podDisruptionBudgetsRegistration]
