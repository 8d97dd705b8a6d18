import type { ResourceRegistration } from '../../resource/registration.ts'

export const coordinationRegistrations: readonly ResourceRegistration[] = []
