import type { PolicyRule } from '#api/rbac/v1'

/** Rules of roles by the roles' names. */
export interface RulesByName {
  readonly [name: string]: readonly PolicyRule[]
}

const words = (text: string): string[] => text.split(' ')
const groupsOf = (text: string): string[] => words(text).map((group) => (group === 'core' ? '' : group))

/** `on('get list', 'core apps', 'pods deployments')`: verbs, API groups and resources, as words. */
export function on(verbs: string, groups: string, ...resources: readonly string[]): PolicyRule {
  return { verbs: words(verbs), apiGroups: groupsOf(groups), resources: resources.flatMap(words) }
}

/** The same for objects of some names alone. */
export function named(names: string, verbs: string, groups: string, ...resources: readonly string[]): PolicyRule {
  const { verbs: listed, ...rest } = on(verbs, groups, ...resources)
  return { verbs: listed, ...rest, resourceNames: words(names) }
}

/** Verbs on paths that are no resources. */
export function paths(verbs: string, ...urls: readonly string[]): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: urls.flatMap(words) }
}

/** Telling what happens: every component may. */
export const events: PolicyRule = on('create patch update', 'core events.k8s.io', 'events')
