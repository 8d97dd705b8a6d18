import type { ResourceRegistration } from '../../resource/registration.ts'
import { leasesRegistration } from './leases/registration.ts'

export const coordinationRegistrations: readonly ResourceRegistration[] = [leasesRegistration]
