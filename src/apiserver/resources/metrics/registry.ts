import type { ResourceRegistration } from '../../resource/registration.ts'
import { nodeMetricsRegistration } from './nodes/registration.ts'
import { podMetricsRegistration } from './pods/registration.ts'

export const metricsRegistrations: readonly ResourceRegistration[] = [nodeMetricsRegistration, podMetricsRegistration]
