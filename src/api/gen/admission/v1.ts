// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type * as authenticationv1 from '../authentication/v1.ts'
import type * as metav1 from '../meta/v1.ts'
import type { Json } from '../../schema/group-version.ts'

export type AdmissionRequest = {
  readonly uid?: string
  readonly kind?: metav1.GroupVersionKind
  readonly resource?: metav1.GroupVersionResource
  readonly subResource?: string
  readonly requestKind?: metav1.GroupVersionKind
  readonly requestResource?: metav1.GroupVersionResource
  readonly requestSubResource?: string
  readonly name?: string
  readonly namespace?: string
  readonly operation?: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT' | (string & {})
  readonly userInfo?: authenticationv1.UserInfo
  /** Any object. */
  readonly object?: Json
  /** Any object. */
  readonly oldObject?: Json
  readonly dryRun?: boolean
  /** Any object. */
  readonly options?: Json
}

export type AdmissionResponse = {
  readonly uid?: string
  readonly allowed?: boolean
  readonly status?: metav1.Status
  /** Bytes in base64. */
  readonly patch?: string
  readonly patchType?: 'JSONPatch' | (string & {})
  readonly auditAnnotations?: { readonly [key: string]: string }
  readonly warnings?: readonly string[]
}

export type AdmissionReview = {
  readonly kind?: 'AdmissionReview'
  readonly apiVersion?: 'admission.k8s.io/v1'
  readonly request?: AdmissionRequest
  readonly response?: AdmissionResponse
}
