import type { ResourceRegistration } from '../../resource/registration.ts'

export const coreRegistrations: readonly ResourceRegistration[] = []
