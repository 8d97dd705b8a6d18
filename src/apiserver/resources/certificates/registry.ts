import type { ResourceRegistration } from '../../resource/registration.ts'

export const certificatesRegistrations: readonly ResourceRegistration[] = []
