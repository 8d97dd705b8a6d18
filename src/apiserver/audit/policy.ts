import type { GroupResources, Policy, PolicyRule } from '#api/audit/v1'
import { invalidValue, nameIsDNSSubdomain, notSupported, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import type { AuthorizationAttributes } from '../authz/authorizer.ts'

export type Level = 'None' | 'Metadata' | 'Request' | 'RequestResponse'
export type Stage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic'

/** What is written of a request. */
export interface AuditRule {
  readonly level: Level
  readonly omitStages: ReadonlySet<string>
  readonly omitManagedFields: boolean
}

const nothing: AuditRule = { level: 'None', omitStages: new Set(), omitManagedFields: false }

/** A policy as a function: the first rule that fits a request says what is written of it. */
export function auditRules(policy: Policy): (attributes: AuthorizationAttributes) => AuditRule {
  const { omitStages = [], omitManagedFields = false } = policy
  const rules = (policy.rules ?? []).map((rule) => ({
    rule,
    outcome: {
      level: rule.level as Level,
      omitStages: new Set([...omitStages, ...(rule.omitStages ?? [])]),
      omitManagedFields: rule.omitManagedFields ?? omitManagedFields,
    },
  }))
  return (attributes) => rules.find(({ rule }) => matches(rule, attributes))?.outcome ?? nothing
}

function matches(rule: PolicyRule, attributes: AuthorizationAttributes): boolean {
  const { users = [], userGroups = [], verbs = [], namespaces = [], resources = [], nonResourceURLs = [] } = rule
  const { user, verb, isResource, namespace, path } = attributes
  // Whoever was not let in has no name, and is none of the users of a rule.
  if (users.length > 0 && (user.name === '' || !users.includes(user.name))) return false
  if (userGroups.length > 0 && !user.groups.some((group) => userGroups.includes(group))) return false
  if (verbs.length > 0 && !verbs.includes(verb)) return false
  if (namespaces.length > 0 || resources.length > 0) {
    if (!isResource || (namespaces.length > 0 && !namespaces.includes(namespace))) return false
    return resources.length === 0 || resources.some((group) => matchesResource(group, attributes))
  }
  return nonResourceURLs.length === 0 || (!isResource && nonResourceURLs.some((url) => matchesPath(url, path)))
}

function matchesPath(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')))
}

function matchesResource(
  { group = '', resources = [], resourceNames = [] }: GroupResources,
  attributes: AuthorizationAttributes,
): boolean {
  const { resource, subresource, name } = attributes
  if (group !== '*' && group !== attributes.group) return false
  if (resources.length === 0) return true
  if (resourceNames.length > 0 && !resourceNames.includes(name)) return false
  const whole = subresource === '' ? resource : `${resource}/${subresource}`
  return resources.some(
    (one) =>
      one === '*' || one === whole || (subresource !== '' && one === `*/${subresource}`) || one === `${resource}/*`,
  )
}

const levels = ['None', 'Metadata', 'Request', 'RequestResponse']
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']

/** What is wrong with a policy. */
export function validateAuditPolicy({ omitStages, rules }: Policy): FieldError[] {
  return [
    ...validateStages(omitStages, Path.of('omitStages')),
    ...rules.flatMap((rule, index) => validateRule(rule, Path.of('rules').index(index))),
  ]
}

function validateStages(omitStages: readonly string[] = [], at: Path): FieldError[] {
  return omitStages.flatMap((stage, index) =>
    stages.includes(stage) ? [] : [invalidValue(at.index(index), stage, `allowed stages are ${stages.join(',')}`)],
  )
}

function validateRule(rule: PolicyRule, at: Path): FieldError[] {
  const { level, nonResourceURLs = [], resources = [], namespaces = [], omitStages } = rule
  const errors: FieldError[] = []
  if (!level) errors.push(required(at.child('level')))
  else if (!levels.includes(level)) errors.push(notSupported(at.child('level'), level, levels))
  const urlsAt = at.child('nonResourceURLs')
  for (const [index, url] of nonResourceURLs.entries()) errors.push(...validateUrl(url, urlsAt.index(index)))
  for (const group of resources) errors.push(...validateGroup(group, at.child('resources')))
  errors.push(...validateStages(omitStages, at.child('omitStages')))
  if (nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0)) {
    const why = 'rules cannot apply to both regular resources and non-resource URLs'
    errors.push(invalidValue(urlsAt, nonResourceURLs, why))
  }
  return errors
}

function validateUrl(url: string, at: Path): FieldError[] {
  if (url === '*') return []
  const errors: FieldError[] = []
  if (!url.startsWith('/')) errors.push(invalidValue(at, url, "non-resource URL rules must begin with a '/' character"))
  if (url.slice(0, -1).includes('*'))
    errors.push(invalidValue(at, url, "non-resource URL wildcards '*' must be the final character of the rule"))
  return errors
}

function validateGroup({ group = '', resources = [], resourceNames = [] }: GroupResources, at: Path): FieldError[] {
  const errors: FieldError[] = []
  const problems = group === '' || group === '*' ? [] : nameIsDNSSubdomain(group, false)
  if (problems.length > 0) errors.push(invalidValue(at.child('group'), group, problems.join(',')))
  if (resourceNames.length > 0 && resources.length === 0) {
    const why = 'using resourceNames requires at least one resource'
    errors.push(invalidValue(at.child('resourceNames'), resourceNames, why))
  }
  return errors
}
