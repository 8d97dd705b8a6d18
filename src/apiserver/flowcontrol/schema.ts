import type {
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from '#api/flowcontrol/v1'
import type { UserInfo } from '#client'
import type { RequestInfo } from '../request/request-info.ts'

/** The order in which schemas are asked: by precedence, then by name. */
export function inOrder(schemas: readonly FlowSchema[]): readonly FlowSchema[] {
  return schemas.toSorted(
    (a, b) =>
      (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0) ||
      ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1),
  )
}

/** Rules of a schema that are about a user. */
export function rulesAbout(schema: FlowSchema, user: UserInfo): readonly PolicyRulesWithSubjects[] {
  return (schema.spec?.rules ?? []).filter(({ subjects }) => (subjects ?? []).some((subject) => isUser(subject, user)))
}

const accountPrefix = 'system:serviceaccount:'

function isUser({ kind, user, group, serviceAccount }: Subject, { name, groups }: UserInfo): boolean {
  switch (kind) {
    case 'User':
      return user !== undefined && (user.name === '*' || user.name === name)
    case 'Group':
      return group !== undefined && (group.name === '*' || groups.includes(group.name))
    case 'ServiceAccount': {
      if (!serviceAccount) return false
      const home = `${accountPrefix}${serviceAccount.namespace}:`
      return serviceAccount.name === '*' ? name.startsWith(home) : name === home + serviceAccount.name
    }
    default:
      return false
  }
}

/** Whether a request is what one of the rules is about. */
export function matchesRules(rules: readonly PolicyRulesWithSubjects[], info: RequestInfo): boolean {
  return rules.some(({ resourceRules = [], nonResourceRules = [] }) =>
    info.isResource
      ? resourceRules.some((rule) => matchesResource(rule, info))
      : nonResourceRules.some((rule) => matchesPath(rule, info)),
  )
}

/** A star stands alone. Whatever a stored schema lacks must not keep the server from serving. */
function has(list: readonly string[] | null | undefined, value: string): boolean {
  const values = list ?? []
  return (values.length === 1 && values[0] === '*') || values.includes(value)
}

function matchesResource(rule: ResourcePolicyRule, info: RequestInfo): boolean {
  const { verb, resource, subresource, group, namespace } = info
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  if (!has(rule.verbs, verb) || !has(rule.resources, what) || !has(rule.apiGroups, group)) return false
  return namespace === '' ? rule.clusterScope === true : has(rule.namespaces, namespace)
}

function matchesPath({ verbs, nonResourceURLs }: NonResourcePolicyRule, { verb, path }: RequestInfo): boolean {
  if (!has(verbs, verb)) return false
  return (nonResourceURLs ?? []).some((url) => {
    if (url === '*' || url === path) return true
    const prefix = url.endsWith('*') ? url.slice(0, -1) : url
    return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
  })
}
