import type { ResourceRegistration } from '../resource/registration.ts'
import { admissionregistrationRegistrations } from './admissionregistration/registry.ts'
import { apiextensionsRegistrations } from './apiextensions/registry.ts'
import { apiregistrationRegistrations } from './apiregistration/registry.ts'
import { appsRegistrations } from './apps/registry.ts'
import { authenticationRegistrations } from './authentication/registry.ts'
import { authorizationRegistrations } from './authorization/registry.ts'
import { autoscalingRegistrations } from './autoscaling/registry.ts'
import { batchRegistrations } from './batch/registry.ts'
import { certificatesRegistrations } from './certificates/registry.ts'
import { coordinationRegistrations } from './coordination/registry.ts'
import { coreRegistrations } from './core/registry.ts'
import { discoveryRegistrations } from './discovery/registry.ts'
import { eventsRegistrations } from './events/registry.ts'
import { flowcontrolRegistrations } from './flowcontrol/registry.ts'
import { metricsRegistrations } from './metrics/registry.ts'
import { networkingRegistrations } from './networking/registry.ts'
import { nodeRegistrations } from './node/registry.ts'
import { policyRegistrations } from './policy/registry.ts'
import { rbacRegistrations } from './rbac/registry.ts'
import { resourceRegistrations } from './resource/registry.ts'
import { schedulingRegistrations } from './scheduling/registry.ts'
import { storageRegistrations } from './storage/registry.ts'

/** What code adds to the data of resources, group by group. */
export const registrations: readonly ResourceRegistration[] = [
  ...admissionregistrationRegistrations,
  ...apiextensionsRegistrations,
  ...apiregistrationRegistrations,
  ...appsRegistrations,
  ...authenticationRegistrations,
  ...authorizationRegistrations,
  ...autoscalingRegistrations,
  ...batchRegistrations,
  ...certificatesRegistrations,
  ...coordinationRegistrations,
  ...coreRegistrations,
  ...discoveryRegistrations,
  ...eventsRegistrations,
  ...flowcontrolRegistrations,
  ...metricsRegistrations,
  ...networkingRegistrations,
  ...nodeRegistrations,
  ...policyRegistrations,
  ...rbacRegistrations,
  ...resourceRegistrations,
  ...schedulingRegistrations,
  ...storageRegistrations,
]
