import type { ResourceRegistration } from '../../resource/registration.ts'
import { configMapsRegistration } from './configmaps/registration.ts'
import { endpointsRegistration } from './endpoints/registration.ts'
import { namespacesRegistration } from './namespaces/registration.ts'
import { nodesRegistration } from './nodes/registration.ts'
import { bindingsRegistration, podsRegistration } from './pods/registration.ts'
import { podTemplatesRegistration } from './podtemplates/registration.ts'
import { secretsRegistration } from './secrets/registration.ts'
import { serviceAccountsRegistration } from './serviceaccounts/registration.ts'
import { servicesRegistration } from './services/registration.ts'

export const coreRegistrations: readonly ResourceRegistration[] = [
  bindingsRegistration,
  configMapsRegistration,
  endpointsRegistration,
  namespacesRegistration,
  nodesRegistration,
  podsRegistration,
  podTemplatesRegistration,
  secretsRegistration,
  serviceAccountsRegistration,
  servicesRegistration,
]
