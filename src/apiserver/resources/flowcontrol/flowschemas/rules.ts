import type { NonResourcePolicyRule, ResourcePolicyRule } from '#api/flowcontrol/v1'
import { invalidValue, nameIsDNSLabel, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']
const any = '*'

type List = readonly string[] | null | undefined

/** A list that says `*` says nothing else. */
function lonely(list: List, what: string, at: Path): readonly FieldError[] {
  if (!list?.includes(any) || list.length === 1) return []
  return [invalidValue(at, list, `if '*' is present, must not specify other ${what}`)]
}

function validateVerbs(list: List, at: Path): readonly FieldError[] {
  if (!list || list.length === 0) return [required(at, 'verbs must contain at least one value')]
  if (list.includes(any)) return lonely(list, 'verbs', at)
  return list.every((verb) => verbs.includes(verb)) ? [] : [notSupported(at, list, verbs)]
}

function validateList(list: List, missing: string, what: string, at: Path): readonly FieldError[] {
  return list && list.length > 0 ? lonely(list, what, at) : [required(at, missing)]
}

export function validateResourceRule(rule: ResourcePolicyRule, at: Path): readonly FieldError[] {
  const { namespaces } = rule
  const path = at.child('namespaces')
  const errors = [
    ...validateVerbs(rule.verbs, at.child('verbs')),
    ...validateList(
      rule.apiGroups,
      'resource rules must supply at least one api group',
      'api groups',
      at.child('apiGroups'),
    ),
    ...validateList(
      rule.resources,
      'resource rules must supply at least one resource',
      'resources',
      at.child('resources'),
    ),
  ]
  if ((namespaces ?? []).length === 0 && rule.clusterScope !== true) {
    const why = 'resource rules that are not cluster scoped must supply at least one namespace'
    return [...errors, required(path, why)]
  }
  if (namespaces?.includes(any)) return [...errors, ...lonely(namespaces, 'namespaces', path)]
  for (const [index, namespace] of (namespaces ?? []).entries()) {
    for (const problem of nameIsDNSLabel(namespace, false)) {
      const why = `each member of this list must be '*' or a DNS-1123 label; ${problem}`
      errors.push(invalidValue(path.index(index), namespace, why))
    }
  }
  return errors
}

export function validateNonResourceRule(rule: NonResourcePolicyRule, at: Path): readonly FieldError[] {
  const urls = rule.nonResourceURLs
  const path = at.child('nonResourceURLs')
  const errors = [
    ...validateVerbs(rule.verbs, at.child('verbs')),
    ...validateList(urls, 'nonResourceURLs must contain at least one value', 'non-resource URLs', path),
  ]
  if (urls?.includes(any)) return errors
  for (const [index, url] of (urls ?? []).entries()) {
    const problem = urlProblem(url)
    if (problem !== undefined) errors.push(invalidValue(path.index(index), url, problem))
  }
  return errors
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty'
  if (url === '/') return undefined
  if (!url.startsWith('/')) return 'must start with slash'
  if (url.includes(' ')) return 'must not contain white-space'
  if (url.includes('//')) return 'must not contain double slash'
  const wildcards = url.split(any).length - 1
  if (wildcards > 1 || (wildcards === 1 && !url.endsWith('/*'))) return 'wildcard can only do suffix matching'
  return undefined
}
