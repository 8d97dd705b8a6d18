import type { ResourceRegistration } from '../../resource/registration.ts'

export const storageRegistrations: readonly ResourceRegistration[] = []
