// Generated from src/api/groups by tools/gen-types.ts. Do not edit.

import type { Resource } from '../../schema/resource.ts'
import type * as metav1 from '../meta/v1.ts'

export type ExtraValue = readonly string[]

export type FieldSelectorAttributes = {
  readonly rawSelector?: string
  readonly requirements?: readonly metav1.FieldSelectorRequirement[]
}

export type LabelSelectorAttributes = {
  readonly rawSelector?: string
  readonly requirements?: readonly metav1.LabelSelectorRequirement[]
}

export type LocalSubjectAccessReview = {
  readonly kind?: 'LocalSubjectAccessReview'
  readonly apiVersion?: 'authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: SubjectAccessReviewSpec
  readonly status?: SubjectAccessReviewStatus
}

export type NonResourceAttributes = {
  readonly path?: string
  readonly verb?: string
}

export type NonResourceRule = {
  readonly verbs: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

export type ResourceAttributes = {
  readonly namespace?: string
  readonly verb?: string
  readonly group?: string
  readonly version?: string
  readonly resource?: string
  readonly subresource?: string
  readonly name?: string
  readonly fieldSelector?: FieldSelectorAttributes
  readonly labelSelector?: LabelSelectorAttributes
}

export type ResourceRule = {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
}

export type SelfSubjectAccessReview = {
  readonly kind?: 'SelfSubjectAccessReview'
  readonly apiVersion?: 'authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: SelfSubjectAccessReviewSpec
  readonly status?: SubjectAccessReviewStatus
}

export type SelfSubjectAccessReviewSpec = {
  readonly resourceAttributes?: ResourceAttributes
  readonly nonResourceAttributes?: NonResourceAttributes
}

export type SelfSubjectRulesReview = {
  readonly kind?: 'SelfSubjectRulesReview'
  readonly apiVersion?: 'authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: SelfSubjectRulesReviewSpec
  readonly status?: SubjectRulesReviewStatus
}

export type SelfSubjectRulesReviewSpec = {
  readonly namespace?: string
}

export type SubjectAccessReview = {
  readonly kind?: 'SubjectAccessReview'
  readonly apiVersion?: 'authorization.k8s.io/v1'
  readonly metadata: metav1.ObjectMeta
  readonly spec: SubjectAccessReviewSpec
  readonly status?: SubjectAccessReviewStatus
}

export type SubjectAccessReviewSpec = {
  readonly resourceAttributes?: ResourceAttributes
  readonly nonResourceAttributes?: NonResourceAttributes
  readonly user?: string
  readonly groups?: readonly string[]
  readonly extra?: { readonly [key: string]: ExtraValue }
  readonly uid?: string
}

export type SubjectAccessReviewStatus = {
  readonly allowed: boolean
  readonly denied?: boolean
  readonly reason?: string
  readonly evaluationError?: string
}

export type SubjectRulesReviewStatus = {
  readonly resourceRules: readonly ResourceRule[]
  readonly nonResourceRules: readonly NonResourceRule[]
  readonly incomplete: boolean
  readonly evaluationError?: string
}

/** LocalSubjectAccessReview, in namespaces. */
export const localsubjectaccessreviews: Resource<LocalSubjectAccessReview> = { group: 'authorization.k8s.io', version: 'v1', plural: 'localsubjectaccessreviews', kind: 'LocalSubjectAccessReview', namespaced: true }

/** SelfSubjectAccessReview, of the cluster. */
export const selfsubjectaccessreviews: Resource<SelfSubjectAccessReview> = { group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview', namespaced: false }

/** SelfSubjectRulesReview, of the cluster. */
export const selfsubjectrulesreviews: Resource<SelfSubjectRulesReview> = { group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview', namespaced: false }

/** SubjectAccessReview, of the cluster. */
export const subjectaccessreviews: Resource<SubjectAccessReview> = { group: 'authorization.k8s.io', version: 'v1', plural: 'subjectaccessreviews', kind: 'SubjectAccessReview', namespaced: false }
