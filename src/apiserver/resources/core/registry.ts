import type { ResourceRegistration } from '../../resource/registration.ts'
import { serviceAccountsRegistration } from './serviceaccounts/registration.ts'

export const coreRegistrations: readonly ResourceRegistration[] = [serviceAccountsRegistration]
