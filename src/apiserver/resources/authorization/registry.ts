import type { ResourceRegistration } from '../../resource/registration.ts'

export const authorizationRegistrations: readonly ResourceRegistration[] = []
