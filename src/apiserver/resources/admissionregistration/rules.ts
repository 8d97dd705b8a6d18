import type { Draft } from '#api'
import type { NamedRuleWithOperations, Rule, RuleWithOperations } from '#api/admissionregistration/v1'
import { duplicate, invalidValue, isPathSegmentName, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

const any = '*'
const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

/** Rules speak of both scopes unless they say otherwise. */
export function defaultRules(rules: Draft<RuleWithOperations>[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= '*'
}

type List = readonly string[] | undefined

function lonely(list: List, what: string, at: Path): readonly FieldError[] {
  if (!list || list.length < 2 || !list.includes(any)) return []
  return [invalidValue(at, list, `if '*' is present, must not specify other ${what}`)]
}

/** Which requests: operations on resources. */
export function validateRuleWithOperations(rule: RuleWithOperations, at: Path): readonly FieldError[] {
  const path = at.child('operations')
  const wanted: readonly string[] = rule.operations ?? []
  return [
    ...(wanted.length === 0 ? [required(path)] : []),
    ...lonely(wanted, 'operations', path),
    ...wanted.flatMap((operation, index) =>
      operations.includes(operation) ? [] : [notSupported(path.index(index), operation, operations)],
    ),
    ...validateRule(rule, at),
  ]
}

function validateRule(rule: Rule, at: Path): readonly FieldError[] {
  const { apiGroups = [], apiVersions = [], resources = [], scope } = rule
  const atVersions = at.child('apiVersions')
  return [
    ...(apiGroups.length === 0 ? [required(at.child('apiGroups'))] : []),
    ...lonely(apiGroups, 'API groups', at.child('apiGroups')),
    ...(apiVersions.length === 0 ? [required(atVersions)] : []),
    ...lonely(apiVersions, 'API versions', atVersions),
    ...apiVersions.flatMap((version, index) => (version === '' ? [required(atVersions.index(index))] : [])),
    ...validateResources(resources, at.child('resources')),
    ...(scope === undefined || scopes.includes(scope) ? [] : [notSupported(at.child('scope'), scope, scopes)]),
  ]
}

/** Resources may have subresources; a wildcard leaves no room for what it stands for. */
function validateResources(resources: readonly string[], at: Path): readonly FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [required(at)] : []
  const wholeResources = new Set<string>()
  const wholeSubresources = new Set<string>()
  // Whether the last of them that has no subresource is no wildcard.
  let plain = false
  for (const [index, text] of resources.entries()) {
    const path = at.index(index)
    if (text === '') {
      errors.push(required(path))
      continue
    }
    const slash = text.indexOf('/')
    if (slash < 0) {
      plain = text !== any
      continue
    }
    const resource = text.slice(0, slash)
    const subresource = text.slice(slash + 1)
    if (wholeResources.has(resource))
      errors.push(invalidValue(path, text, `if '${resource}/*' is present, must not specify ${text}`))
    if (wholeSubresources.has(subresource))
      errors.push(invalidValue(path, text, `if '*/${subresource}' is present, must not specify ${text}`))
    if (subresource === any) wholeResources.add(resource)
    if (resource === any) wholeSubresources.add(subresource)
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalidValue(at, resources, "if '*/*' is present, must not specify other resources"))
  if (resources.includes(any) && plain) {
    const why = "if '*' is present, must not specify other resources without subresources"
    errors.push(invalidValue(at, resources, why))
  }
  return errors
}

/** The same for objects of the given names, if any are given. */
export function validateNamedRule(rule: NamedRuleWithOperations, at: Path): readonly FieldError[] {
  const path = at.child('resourceNames')
  const seen = new Set<string>()
  const errors: FieldError[] = []
  for (const [index, name] of (rule.resourceNames ?? []).entries()) {
    for (const problem of isPathSegmentName(name)) errors.push(invalidValue(path.index(index), name, problem))
    if (seen.has(name)) errors.push(duplicate(path.index(index), name))
    seen.add(name)
  }
  return [...errors, ...validateRuleWithOperations(rule, at)]
}
