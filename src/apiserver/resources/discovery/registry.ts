import type { ResourceRegistration } from '../../resource/registration.ts'

export const discoveryRegistrations: readonly ResourceRegistration[] = []
