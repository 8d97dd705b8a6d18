import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '#api/apiextensions/v1'
import { quote } from '#machinery'

/** Says who approved an API of a group that belongs to the Kubernetes community. */
export const approvalAnnotation = 'api-approved.kubernetes.io'

export type ApprovalState = 'missing' | 'invalid' | 'bypassed' | 'approved'

/** Groups that only approved APIs may be part of. */
export function isProtectedGroup(group: string): boolean {
  return ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`))
}

/** What the annotation says, and the words for it. */
export function approvalState(annotation: string | undefined): {
  readonly state: ApprovalState
  readonly reason: string
} {
  if (annotation === undefined || annotation === '') {
    const reason = `protected groups must have approval annotation ${quote(approvalAnnotation)}, see https://github.com/kubernetes/enhancements/pull/1111`
    return { state: 'missing', reason }
  }
  if (annotation.startsWith('unapproved')) return { state: 'bypassed', reason: `not approved: ${quote(annotation)}` }
  const url = /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(annotation)
  if (url) return { state: 'approved', reason: `approved in ${annotation}` }
  const reason = `protected groups must have approval annotation ${quote(approvalAnnotation)} with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`
  return { state: 'invalid', reason }
}

const conditions: { readonly [state in ApprovalState]: readonly [status: string, reason: string] } = {
  missing: ['False', 'MissingAnnotation'],
  invalid: ['False', 'InvalidAnnotation'],
  bypassed: ['False', 'UnapprovedAnnotation'],
  approved: ['True', 'ApprovedAnnotation'],
}

/** The condition that tells of the approval; none for groups that need none. */
export function apiApproval({
  spec,
  metadata,
}: CustomResourceDefinition): CustomResourceDefinitionCondition | undefined {
  if (!isProtectedGroup(spec.group)) return undefined
  const { state, reason: message } = approvalState(metadata.annotations?.[approvalAnnotation])
  const [status, reason] = conditions[state]
  return { type: 'KubernetesAPIApprovalPolicyConformant', status, reason, message }
}
