import type { ResourceRegistration } from '../../resource/registration.ts'
import { customresourcedefinitions } from './customresourcedefinitions/registration.ts'

export const apiextensionsRegistrations: readonly ResourceRegistration[] = [customresourcedefinitions]
