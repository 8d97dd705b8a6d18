import type { ResourceRegistration } from '../../resource/registration.ts'

export const nodeRegistrations: readonly ResourceRegistration[] = []
