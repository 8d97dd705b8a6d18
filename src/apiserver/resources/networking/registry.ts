import type { ResourceRegistration } from '../../resource/registration.ts'

export const networkingRegistrations: readonly ResourceRegistration[] = []
