import type { ResourceRegistration } from '../../resource/registration.ts'

export const rbacRegistrations: readonly ResourceRegistration[] = []
