import type { PolicyRule } from '#api/rbac/v1'

/** Values that a rule lists; `'*'` among them stands for all. */
type Values = ReadonlySet<string> | 'all'

/** A policy rule made ready for questions. */
export interface CompiledRule {
  readonly verbs: Values
  readonly groups: Values
  readonly resources: Values
  /** Empty: whatever the name. */
  readonly names: ReadonlySet<string> | undefined
  readonly paths: Values
  /** Beginnings of paths, from values that end with `*`. */
  readonly pathPrefixes: readonly string[]
  readonly source: PolicyRule
}

const compiled = new WeakMap<readonly PolicyRule[], readonly CompiledRule[]>()

/** The rules of a role, compiled once for as long as the role's object lives. */
export function compileRules(rules: readonly PolicyRule[]): readonly CompiledRule[] {
  let known = compiled.get(rules)
  if (!known) {
    known = rules.map(compileRule)
    compiled.set(rules, known)
  }
  return known
}

function compileRule(source: PolicyRule): CompiledRule {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = source
  return {
    verbs: valuesOf(verbs ?? []),
    groups: valuesOf(apiGroups),
    resources: valuesOf(resources),
    names: resourceNames.length === 0 ? undefined : new Set(resourceNames),
    paths: valuesOf(nonResourceURLs),
    pathPrefixes: nonResourceURLs.filter((url) => url.endsWith('*')).map((url) => url.replace(/\*+$/, '')),
    source,
  }
}

function valuesOf(values: readonly string[]): Values {
  return values.includes('*') ? 'all' : new Set(values)
}

const has = (values: Values, value: string): boolean => values === 'all' || values.has(value)

/** Whether a rule is about a verb on a resource, whatever the object's name. */
export function coversResource(
  rule: CompiledRule,
  verb: string,
  group: string,
  resource: string,
  subresource: string,
): boolean {
  if (!has(rule.groups, group) || !has(rule.verbs, verb)) return false
  if (subresource === '') return has(rule.resources, resource)
  return has(rule.resources, `${resource}/${subresource}`) || has(rule.resources, `*/${subresource}`)
}

/** Whether a rule allows a verb on a path that is no resource. */
export function allowsPath(rule: CompiledRule, verb: string, path: string): boolean {
  if (!has(rule.verbs, verb)) return false
  return has(rule.paths, path) || rule.pathPrefixes.some((prefix) => path.startsWith(prefix))
}
