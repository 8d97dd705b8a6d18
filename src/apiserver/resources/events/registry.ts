import type { ResourceRegistration } from '../../resource/registration.ts'

export const eventsRegistrations: readonly ResourceRegistration[] = []
