import type { ResourceRegistration } from '../../resource/registration.ts'
import { apiservices } from './apiservices/registration.ts'

export const apiregistrationRegistrations: readonly ResourceRegistration[] = [apiservices]
