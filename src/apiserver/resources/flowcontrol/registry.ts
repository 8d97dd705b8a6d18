import type { ResourceRegistration } from '../../resource/registration.ts'

export const flowcontrolRegistrations: readonly ResourceRegistration[] = []
