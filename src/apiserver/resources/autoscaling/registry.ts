import type { ResourceRegistration } from '../../resource/registration.ts'

export const autoscalingRegistrations: readonly ResourceRegistration[] = []
