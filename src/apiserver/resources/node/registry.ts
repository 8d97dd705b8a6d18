import type { ResourceRegistration } from '../../resource/registration.ts'
import { runtimeClassesRegistration } from './runtimeclasses/registration.ts'

export const nodeRegistrations: readonly ResourceRegistration[] = [runtimeClassesRegistration]
