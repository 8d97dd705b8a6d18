import { messageOf } from '#base'
import { certificatesigningrequests } from '#api/certificates/v1'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import { bytesOfBase64, keyOf, parseCertificateRequest } from '#machinery'
import type { CertificateRequest } from '#machinery'
import type { ControllerContext, Watch } from '#client'
import { watchEvents } from '../common/meta/watch.ts'

export const kubeletServingSigner = 'kubernetes.io/kubelet-serving'
export const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet'
export const clientSigner = 'kubernetes.io/kube-apiserver-client'
export const legacySigner = 'kubernetes.io/legacy-unknown'

export const isIssued = ({ status }: CertificateSigningRequest): boolean => Boolean(status?.certificate)

export function hasCondition({ status }: CertificateSigningRequest, type: string): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === type)
}

/** Whether somebody has allowed the certificate, and nobody has refused it. */
export const isApproved = (request: CertificateSigningRequest): boolean =>
  hasCondition(request, 'Approved') && !hasCondition(request, 'Denied')

/** @throws Error that names the object. */
export function readRequest({ metadata, spec }: CertificateSigningRequest): CertificateRequest {
  try {
    return parseCertificateRequest(bytesOfBase64(spec.request))
  } catch (error) {
    throw new Error(`unable to parse csr "${metadata.name ?? ''}": ${messageOf(error)}`, { cause: error })
  }
}

/** Every change of a request leads to its key. */
export function watchRequests({ queue }: Pick<ControllerContext, 'queue'>): Watch {
  const enqueue = (request: CertificateSigningRequest): void => queue.add(keyOf(request))
  return watchEvents(certificatesigningrequests, {
    added: enqueue,
    updated: (_, request) => enqueue(request),
  })
}
