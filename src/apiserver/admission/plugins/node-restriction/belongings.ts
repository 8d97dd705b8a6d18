import { messageOf } from '#base'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import type { ResourceSlice } from '#api/resource/v1'
import { parseCertificateRequest } from '#machinery'
import type { AdmissionAttributes } from '../../admission.ts'
import { draftOf, oldOf, refused } from '../../refusal.ts'
import type { Restriction } from './index.ts'

/** The name of a new object is not yet in the request. */
function nameOf({ operation, object, name }: AdmissionAttributes): string {
  return operation === 'CREATE' ? (object?.metadata.name ?? '') : name
}

export const lease: Restriction = (node, attributes) => {
  if (attributes.namespace !== 'kube-node-lease')
    throw refused(attributes, 'can only access leases in the "kube-node-lease" system namespace')
  if (nameOf(attributes) !== node)
    throw refused(attributes, 'can only access node lease with the same name as the requesting node')
}

export const csiNode: Restriction = (node, attributes) => {
  if (nameOf(attributes) !== node)
    throw refused(attributes, 'can only access CSINode with the same name as the requesting node')
}

export const resourceSlice: Restriction = (node, attributes) => {
  if (attributes.operation === 'CREATE' && draftOf<ResourceSlice>(attributes).spec.nodeName !== node)
    throw refused(attributes, 'can only create ResourceSlice with the same NodeName as the requesting node')
  if (attributes.operation === 'DELETE' && oldOf<ResourceSlice>(attributes)?.spec.nodeName !== node)
    throw refused(attributes, 'can only delete ResourceSlice with the same NodeName as the requesting node')
}

const nodeSigners: ReadonlySet<string> = new Set([
  'kubernetes.io/kubelet-serving',
  'kubernetes.io/kube-apiserver-client-kubelet',
])

export const certificateRequest: Restriction = (node, attributes) => {
  if (attributes.operation !== 'CREATE') return
  const { spec } = draftOf<CertificateSigningRequest>(attributes)
  if (!nodeSigners.has(spec.signerName)) return
  let commonName: string | undefined
  try {
    commonName = parseCertificateRequest(atob(spec.request)).subject.commonName
  } catch (error) {
    throw refused(attributes, `unable to parse csr: ${messageOf(error)}`)
  }
  if (commonName !== `system:node:${node}`)
    throw refused(attributes, `can only create a node CSR with CN=system:node:${node}`)
}
