import type { ResourceRegistration } from '../../resource/registration.ts'
import { endpointSlicesRegistration } from './endpointslices/registration.ts'

export const discoveryRegistrations: readonly ResourceRegistration[] = [endpointSlicesRegistration]
