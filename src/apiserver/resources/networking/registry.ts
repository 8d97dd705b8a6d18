import type { ResourceRegistration } from '../../resource/registration.ts'
import { ipAddressesRegistration } from './ipaddresses/registration.ts'
import { serviceCIDRsRegistration } from './servicecidrs/registration.ts'

export const networkingRegistrations: readonly ResourceRegistration[] = [
  ipAddressesRegistration,
  serviceCIDRsRegistration,
]
