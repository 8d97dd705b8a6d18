import { invalidValue, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

export interface GroupResourceName {
  readonly group: string
  readonly resource: string
}

/** `deployments.apps`, `secrets`, `*.apps`, `*.` and `*.*` in two parts. */
export function parseGroupResource(text: string): GroupResourceName {
  const dot = text.indexOf('.')
  return dot < 0 ? { group: '', resource: text } : { group: text.slice(dot + 1), resource: text.slice(0, dot) }
}

export function atLeastOne(at: Path): string {
  return `at least one ${String(at)} is required`
}

/** The resources of one entry: none of them may hide another. */
export function validateResources(resources: readonly string[], at: Path): readonly FieldError[] {
  const names = resources.flatMap((name, index) => {
    const problem = nameProblem(name)
    return problem === undefined ? [] : [invalidValue(at.index(index), name, problem)]
  })
  return [...(resources.length === 0 ? [required(at, atLeastOne(at))] : []), ...overlaps(resources, at), ...names]
}

function overlaps(names: readonly string[], at: Path): readonly FieldError[] {
  const parsed = names.map(parseGroupResource)
  const isSame = (a: GroupResourceName, b: GroupResourceName): boolean =>
    a.group === b.group && a.resource === b.resource
  let twice = false
  let overlap = false
  for (const [i, one] of parsed.entries()) {
    for (const [j, other] of parsed.entries()) {
      if (i === j) continue
      if (isSame(one, other) && !twice) {
        twice = true
        continue
      }
      if (one.group === '*' && one.resource === '*') overlap = true
      else if (one.group === other.group && (one.resource === '*' || other.resource === '*')) overlap = true
    }
  }
  const errors: FieldError[] = []
  if (twice) errors.push(invalidValue(at, names, 'the same resource cannot be specified multiple times'))
  if (overlap) {
    const what = "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed"
    errors.push(invalidValue(at, names, `${what} as they will be masked`))
  }
  return errors
}

/** Stored without being resources of the API. */
const internal = new Set(['apiserveripinfo', 'serviceipallocations', 'servicenodeportallocations'])

function nameProblem(name: string): string | undefined {
  if (name.toLowerCase() !== name) return 'resource name should not contain capital letters'
  if (name === '*') return "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources"
  if (internal.has(name)) return 'resources which do not have REST API/s cannot be encrypted'
  const { group, resource } = parseGroupResource(name)
  if (group === 'events.k8s.io') {
    const where = "objects are stored using the 'events' API group in etcd"
    return `'*.events.k8s.io' ${where}. Use 'events' instead in the config file`
  }
  if (group === 'extensions') return "'extensions' group has been removed and cannot be used for encryption"
  if (group === '*' && resource !== '*') return 'encrypting the same resource across groups is not supported'
  return undefined
}
