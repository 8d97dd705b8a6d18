import type { ResourceRegistration } from '../../resource/registration.ts'
import { priorityClassesRegistration } from './priorityclasses/registration.ts'

export const schedulingRegistrations: readonly ResourceRegistration[] = [priorityClassesRegistration]
