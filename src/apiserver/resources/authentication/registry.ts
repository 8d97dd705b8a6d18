import type { ResourceRegistration } from '../../resource/registration.ts'

export const authenticationRegistrations: readonly ResourceRegistration[] = []
