import type { ResourceRegistration } from '../../resource/registration.ts'

export const resourceRegistrations: readonly ResourceRegistration[] = []
