import type { ResourceRegistration } from '../../resource/registration.ts'

export const schedulingRegistrations: readonly ResourceRegistration[] = []
