// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type CertificateSigningRequest = {
  readonly kind?: 'CertificateSigningRequest'
  readonly apiVersion?: 'certificates.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: CertificateSigningRequestSpec
  readonly status?: CertificateSigningRequestStatus
}

export type CertificateSigningRequestCondition = {
  readonly type: 'Approved' | 'Denied' | 'Failed' | (string & {})
  readonly status: 'True' | 'False' | 'Unknown' | (string & {})
  readonly reason?: string
  readonly message?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastUpdateTime?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly lastTransitionTime?: string
}

export type CertificateSigningRequestSpec = {
  /** Bytes in base64. */
  readonly request: string
  readonly signerName: string
  /** Whole number (int32). */
  readonly expirationSeconds?: number
  readonly usages?: readonly ('any' | 'cert sign' | 'client auth' | 'code signing' | 'content commitment' | 'crl sign' | 'data encipherment' | 'decipher only' | 'digital signature' | 'email protection' | 'encipher only' | 'ipsec end system' | 'ipsec tunnel' | 'ipsec user' | 'key agreement' | 'key encipherment' | 'microsoft sgc' | 'netscape sgc' | 'ocsp signing' | 's/mime' | 'server auth' | 'signing' | 'timestamping')[]
  readonly username?: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: { readonly [key: string]: ExtraValue }
}

export type CertificateSigningRequestStatus = {
  /** One item for each `type`. */
  readonly conditions?: readonly CertificateSigningRequestCondition[]
  /** Bytes in base64. */
  readonly certificate?: string
}

export type ExtraValue = readonly string[]

export type CertificateSigningRequestList = {
  readonly kind?: 'CertificateSigningRequestList'
  readonly apiVersion?: 'certificates.k8s.io/v1'
  readonly metadata: metav1.ListMeta
  readonly items: readonly CertificateSigningRequest[]
}

/** CertificateSigningRequest, of the cluster. Short: `csr`. Subresources: `approval` and `status`. */
export const certificatesigningrequests: Resource<CertificateSigningRequest> = { group: 'certificates.k8s.io', version: 'v1', plural: 'certificatesigningrequests', kind: 'CertificateSigningRequest', namespaced: false }
