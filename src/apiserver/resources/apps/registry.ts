import type { ResourceRegistration } from '../../resource/registration.ts'

export const appsRegistrations: readonly ResourceRegistration[] = []
