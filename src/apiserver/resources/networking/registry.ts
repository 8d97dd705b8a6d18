import type { ResourceRegistration } from '../../resource/registration.ts'
import { ingressClassesRegistration } from './ingressclasses/registration.ts'
import { ingressesRegistration } from './ingresses/registration.ts'
import { ipAddressesRegistration } from './ipaddresses/registration.ts'
import { networkPoliciesRegistration } from './networkpolicies/registration.ts'
import { serviceCIDRsRegistration } from './servicecidrs/registration.ts'

export const networkingRegistrations: readonly ResourceRegistration[] = [
  ingressClassesRegistration,
  ingressesRegistration,
  ipAddressesRegistration,
  networkPoliciesRegistration,
  serviceCIDRsRegistration,
]
