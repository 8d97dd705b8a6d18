import type { ResourceRegistration } from '../../resource/registration.ts'

export const policyRegistrations: readonly ResourceRegistration[] = []
