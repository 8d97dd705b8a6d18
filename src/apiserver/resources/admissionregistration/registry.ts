import type { ResourceRegistration } from '../../resource/registration.ts'

export const admissionregistrationRegistrations: readonly ResourceRegistration[] = []
