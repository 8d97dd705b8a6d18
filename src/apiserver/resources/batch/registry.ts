import type { ResourceRegistration } from '../../resource/registration.ts'

export const batchRegistrations: readonly ResourceRegistration[] = []
