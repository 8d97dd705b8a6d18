import type { Draft } from '#api'
import type { MatchResources } from '#api/admissionregistration/v1'
import { notSupported, required, validateLabelSelector } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { defaultRules, validateNamedRule } from '../rules.ts'

const matchPolicies = ['Equivalent', 'Exact']
const mutatingOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE']

/** Everything, of every version. */
export function defaultMatchResources(match: Draft<MatchResources> | undefined): void {
  if (!match) return
  match.matchPolicy ??= 'Equivalent'
  match.namespaceSelector ??= {}
  match.objectSelector ??= {}
  defaultRules(match.resourceRules)
  defaultRules(match.excludeResourceRules)
}

/** Which requests a policy, or a binding of one, is about. */
export function validateMatchResources(match: MatchResources | undefined, at: Path): readonly FieldError[] {
  if (!match) return []
  const { matchPolicy, namespaceSelector, objectSelector } = match
  const errors: FieldError[] = []
  if (matchPolicy === undefined) errors.push(required(at.child('matchPolicy')))
  else if (!matchPolicies.includes(matchPolicy))
    errors.push(notSupported(at.child('matchPolicy'), matchPolicy, matchPolicies))
  if (namespaceSelector) errors.push(...validateLabelSelector(namespaceSelector, at.child('namespaceSelector')))
  else errors.push(required(at.child('namespaceSelector')))
  if (objectSelector) errors.push(...validateLabelSelector(objectSelector, at.child('objectSelector')))
  else errors.push(required(at.child('objectSelector')))
  for (const field of ['resourceRules', 'excludeResourceRules'] as const) {
    for (const [index, rule] of (match[field] ?? []).entries())
      errors.push(...validateNamedRule(rule, at.child(field).index(index)))
  }
  return errors
}

/** What is deleted can't be changed any more. */
export function validateMutatingOperations(match: MatchResources | undefined, at: Path): readonly FieldError[] {
  const path = at.child('resourceRules', 'operations')
  return (match?.resourceRules ?? []).flatMap(({ operations = [] }) =>
    operations
      .filter((operation) => !mutatingOperations.includes(operation))
      .map((operation) => notSupported(path, operation, mutatingOperations)),
  )
}
