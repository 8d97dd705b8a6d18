import type { PolicyRule } from '#api/rbac/v1'
import { quote } from '#machinery'

/**
 * What of the wanted rules no owned rule allows, taken apart to single verbs on single resources. A wanted piece is
 * either within one owned rule or not covered at all.
 */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(pieces).filter((piece) => !owned.some((rule) => covers(rule, piece)))
}

function pieces(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb): PolicyRule[] => {
        const piece = { apiGroups: [group], resources: [resource], verbs: [verb] }
        return resourceNames.length === 0
          ? [piece]
          : resourceNames.map((name) => Object.assign({ resourceNames: [name] }, piece))
      }),
    ),
  )
  const onPaths = nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] })))
  return [...onResources, ...onPaths]
}

function covers(owner: PolicyRule, piece: PolicyRule): boolean {
  return (
    all(owner.verbs, piece.verbs) &&
    all(owner.apiGroups, piece.apiGroups) &&
    (piece.resources ?? []).every((resource) => coversResource(owner.resources ?? [], resource)) &&
    coversNames(owner.resourceNames ?? [], piece.resourceNames ?? []) &&
    (piece.nonResourceURLs ?? []).every((url) => (owner.nonResourceURLs ?? []).some((own) => coversUrl(own, url)))
  )
}

/** Whether every value is among the owner's, who may have all by `*`. */
function all(owned: readonly string[] = [], values: readonly string[] = []): boolean {
  return owned.includes('*') || values.every((value) => owned.includes(value))
}

function coversResource(owned: readonly string[], resource: string): boolean {
  if (owned.includes('*') || owned.includes(resource)) return true
  const slash = resource.indexOf('/')
  return slash >= 0 && owned.includes(`*${resource.slice(slash)}`)
}

function coversNames(owned: readonly string[], names: readonly string[]): boolean {
  if (owned.length === 0) return true
  return names.length > 0 && names.every((name) => owned.includes(name))
}

function coversUrl(owned: string, url: string): boolean {
  return owned === url || (owned.endsWith('*') && url.startsWith(owned.replace(/\*+$/, '')))
}

/** Puts pieces that differ in their verbs alone together again. */
export function compactPieces(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const others: PolicyRule[] = []
  const byResource = new Map<string, PolicyRule>()
  for (const rule of rules) {
    if ((rule.nonResourceURLs ?? []).length > 0) {
      others.push(rule)
      continue
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames])
    const known = byResource.get(key)
    byResource.set(key, known ? { ...known, verbs: [...known.verbs, ...rule.verbs] } : rule)
  }
  return [...others, ...byResource.values()]
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}` */
export function describeRule(rule: PolicyRule): string {
  const parts: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ]
  const described = parts.filter(([, values = []]) => values.length > 0)
  return `{${described.map(([name, values = []]) => `${name}:${quotedList(values)}`).join(', ')}}`
}

/** `["a" "b"]` */
export const quotedList = (values: readonly string[]): string => `[${values.map(quote).join(' ')}]`
