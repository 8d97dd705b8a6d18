import type { ResourceRegistration } from '../../resource/registration.ts'

export const apiregistrationRegistrations: readonly ResourceRegistration[] = []
