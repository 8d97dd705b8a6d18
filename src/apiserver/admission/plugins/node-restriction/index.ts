import { quote } from '#machinery'
import { nodeOf } from '../../../authz/node/identity.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { refused } from '../../refusal.ts'
import { certificateRequest, csiNode, lease, resourceSlice } from './belongings.ts'
import { claimStatus } from './claims.ts'
import { nodeObject } from './node.ts'
import { evictPod, podObject, podStatus } from './pods.ts'
import { tokenRequest } from './tokens.ts'

/** What a node may write into one resource. It throws what it refuses. */
export type Restriction = (node: string, attributes: AdmissionAttributes, services: Services) => void | Promise<void>

const restrictions: { readonly [resource: string]: Restriction } = {
  '/pods': (node, attributes, services) => {
    switch (attributes.subresource) {
      case '':
        return podObject(node, attributes, services)
      case 'status':
        return podStatus(node, attributes, services)
      case 'eviction':
        return evictPod(node, attributes, services)
      default:
        throw refused(
          attributes,
          `unexpected pod subresource ${quote(attributes.subresource)}, only 'status' and 'eviction' are allowed`,
        )
    }
  },
  '/nodes': nodeObject,
  '/persistentvolumeclaims': claimStatus,
  '/serviceaccounts': tokenRequest,
  'coordination.k8s.io/leases': lease,
  'storage.k8s.io/csinodes': csiNode,
  'resource.k8s.io/resourceslices': resourceSlice,
  'certificates.k8s.io/certificatesigningrequests': certificateRequest,
}

/** Holds kubelets to what is theirs: their own node, and pods bound to it. */
export function nodeRestriction(services: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    admit(attributes) {
      const node = nodeOf(attributes.user)
      if (node === undefined) return
      if (node === '') throw refused(attributes, `could not determine node from user ${quote(attributes.user.name)}`)
      const { group, plural } = attributes.endpoint
      return restrictions[`${group}/${plural}`]?.(node, attributes, services)
    },
  }
}
