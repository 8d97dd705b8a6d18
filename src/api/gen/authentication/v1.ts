// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type BoundObjectReference = {
  readonly kind?: string
  readonly apiVersion?: string
  readonly name?: string
  readonly uid?: string
}

export type ExtraValue = readonly string[]

export type SelfSubjectReview = {
  readonly kind?: 'SelfSubjectReview'
  readonly apiVersion?: 'authentication.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly status?: SelfSubjectReviewStatus
}

export type SelfSubjectReviewStatus = {
  readonly userInfo?: UserInfo
}

export type TokenRequest = {
  readonly kind?: 'TokenRequest'
  readonly apiVersion?: 'authentication.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: TokenRequestSpec
  readonly status?: TokenRequestStatus
}

export type TokenRequestSpec = {
  readonly audiences?: readonly string[] | null
  /** Whole number (int64). */
  readonly expirationSeconds?: number
  readonly boundObjectRef?: BoundObjectReference
}

export type TokenRequestStatus = {
  readonly token?: string
  /** Time in UTC: `2026-01-31T12:00:00Z`. */
  readonly expirationTimestamp?: string
}

export type TokenReview = {
  readonly kind?: 'TokenReview'
  readonly apiVersion?: 'authentication.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: TokenReviewSpec
  readonly status?: TokenReviewStatus
}

export type TokenReviewSpec = {
  readonly token: string
  readonly audiences?: readonly string[]
}

export type TokenReviewStatus = {
  readonly authenticated?: boolean
  readonly user?: UserInfo
  readonly audiences?: readonly string[]
  readonly error?: string
}

export type UserInfo = {
  readonly username?: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: { readonly [key: string]: ExtraValue }
}

/** SelfSubjectReview, of the cluster. */
export const selfsubjectreviews: Resource<SelfSubjectReview> = { group: 'authentication.k8s.io', version: 'v1', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview', namespaced: false }

/** TokenReview, of the cluster. */
export const tokenreviews: Resource<TokenReview> = { group: 'authentication.k8s.io', version: 'v1', plural: 'tokenreviews', kind: 'TokenReview', namespaced: false }
