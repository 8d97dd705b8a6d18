import type { ResourceRegistration } from '../../resource/registration.ts'
import { componentStatusesRegistration } from './componentstatuses/registration.ts'
import { configMapsRegistration } from './configmaps/registration.ts'
import { endpointsRegistration } from './endpoints/registration.ts'
import { coreEventsRegistration } from './events/registration.ts'
import { limitRangesRegistration } from './limitranges/registration.ts'
import { namespacesRegistration } from './namespaces/registration.ts'
import { nodesRegistration } from './nodes/registration.ts'
import { bindingsRegistration, podsRegistration } from './pods/registration.ts'
import { podTemplatesRegistration } from './podtemplates/registration.ts'
import { persistentVolumeClaimsRegistration } from './persistentvolumeclaims/registration.ts'
import { persistentVolumesRegistration } from './persistentvolumes/registration.ts'
import { replicationControllersRegistration } from './replicationcontrollers/registration.ts'
import { resourceQuotasRegistration } from './resourcequotas/registration.ts'
import { secretsRegistration } from './secrets/registration.ts'
import { serviceAccountsRegistration } from './serviceaccounts/registration.ts'
import { servicesRegistration } from './services/registration.ts'

export const coreRegistrations: readonly ResourceRegistration[] = [
  bindingsRegistration,
  componentStatusesRegistration,
  configMapsRegistration,
  endpointsRegistration,
  coreEventsRegistration,
  limitRangesRegistration,
  namespacesRegistration,
  nodesRegistration,
  podsRegistration,
  podTemplatesRegistration,
  persistentVolumeClaimsRegistration,
  persistentVolumesRegistration,
  replicationControllersRegistration,
  resourceQuotasRegistration,
  secretsRegistration,
  serviceAccountsRegistration,
  servicesRegistration,
]
