import type { ResourceRegistration } from '../../resource/registration.ts'
import { apiServicesRegistration } from './apiservices/registration.ts'

export const apiregistrationRegistrations: readonly ResourceRegistration[] = [apiServicesRegistration]
