import type { ResourceRegistration } from '../resource/registration.ts'

/** What code adds to the data of resources, group by group. */
export const registrations: readonly ResourceRegistration[] = []
