import type { PolicyRule, RoleRef, Subject } from '#api/rbac/v1'
import { invalidValue, isPathSegmentName, nameIsDNSSubdomain, notSupportedText, Path, required } from '#machinery'
import type { FieldError, ObjectMeta } from '#machinery'
import { validateObjectMeta } from '../metadata.ts'

export const rbacGroup = 'rbac.authorization.k8s.io'

/** Names of roles and bindings are segments of paths, which lets them carry colons. */
export function validateRbacMeta(metadata: ObjectMeta, namespaced: boolean): readonly FieldError[] {
  return validateObjectMeta(metadata, { namespaced, name: isPathSegmentName }, Path.of('metadata'))
}

/** Rules of a role; those of a namespace can't speak of paths. */
export function validateRules(rules: readonly PolicyRule[], namespaced: boolean): FieldError[] {
  return rules.flatMap((rule, index) => validateRule(rule, namespaced, Path.of('rules').index(index)))
}

function validateRule(rule: PolicyRule, namespaced: boolean, path: Path): FieldError[] {
  const verbs = rule.verbs ?? []
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  const errors: FieldError[] = []
  if (verbs.length === 0) errors.push(required(path.child('verbs'), 'verbs must contain at least one value'))
  if (nonResourceURLs.length > 0) {
    const at = path.child('nonResourceURLs')
    if (namespaced) errors.push(invalidValue(at, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'))
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
      const why = 'rules cannot apply to both regular resources and non-resource URLs'
      errors.push(invalidValue(at, nonResourceURLs, why))
    }
    return errors
  }
  if (apiGroups.length === 0)
    errors.push(required(path.child('apiGroups'), 'resource rules must supply at least one api group'))
  if (resources.length === 0)
    errors.push(required(path.child('resources'), 'resource rules must supply at least one resource'))
  return errors
}

/** What a binding refers to, and for whom. `kinds` are those of roles that it can refer to. */
export function validateBinding(
  { roleRef, subjects = [] }: { readonly roleRef: RoleRef; readonly subjects?: readonly Subject[] },
  kinds: readonly string[],
  namespaced: boolean,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const at = Path.of('roleRef')
  const { apiGroup = '', kind, name } = roleRef
  if (apiGroup !== rbacGroup) errors.push(notSupportedText(at.child('apiGroup'), apiGroup, [rbacGroup]))
  if (!kinds.includes(kind)) errors.push(notSupportedText(at.child('kind'), kind, kinds))
  if (name === '') errors.push(required(at.child('name')))
  for (const problem of isPathSegmentName(name)) errors.push(invalidValue(at.child('name'), name, problem))
  for (const [index, subject] of subjects.entries()) {
    errors.push(...validateSubject(subject, namespaced, Path.of('subjects').index(index)))
  }
  return errors
}

const subjectKinds = ['ServiceAccount', 'User', 'Group']

function validateSubject(subject: Subject, namespaced: boolean, path: Path): FieldError[] {
  const { kind, name, apiGroup = '', namespace = '' } = subject
  const errors: FieldError[] = []
  if (name === '') errors.push(required(path.child('name')))
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') {
        for (const problem of nameIsDNSSubdomain(name, false))
          errors.push(invalidValue(path.child('name'), name, problem))
      }
      if (apiGroup !== '') errors.push(notSupportedText(path.child('apiGroup'), apiGroup, ['']))
      if (!namespaced && namespace === '') errors.push(required(path.child('namespace')))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) errors.push(notSupportedText(path.child('apiGroup'), apiGroup, [rbacGroup]))
      break
    default:
      errors.push(notSupportedText(path.child('kind'), kind, subjectKinds))
  }
  return errors
}

/** The role of a binding is for good. */
export function validateRoleRefUpdate(ref: RoleRef, old: RoleRef): readonly FieldError[] {
  if (ref.apiGroup === old.apiGroup && ref.kind === old.kind && ref.name === old.name) return []
  const shown = { APIGroup: ref.apiGroup ?? '', Kind: ref.kind, Name: ref.name }
  return [invalidValue('roleRef', shown, 'cannot change roleRef')]
}
