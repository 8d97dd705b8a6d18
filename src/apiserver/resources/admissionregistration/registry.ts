import type { ResourceRegistration } from '../../resource/registration.ts'
import { policyRegistrations } from './policies/registrations.ts'
import { webhookRegistrations } from './webhooks/registrations.ts'

export const admissionregistrationRegistrations: readonly ResourceRegistration[] = [
  ...policyRegistrations,
  ...webhookRegistrations,
]
