/** The prefix that group and version give to operation ids, and the tag of their operations. */
export interface OperationNames {
  /** `AppsV1` */
  readonly infix: string
  /** `apps_v1` */
  readonly tag: string
}

/** Names for the operations of a group (version empty: of the group as such). */
export function operationNames(group: string, version: string): OperationNames {
  const short = group === '' ? 'core' : group.endsWith('.k8s.io') ? group.slice(0, -'.k8s.io'.length) : group
  const words = [short, version].filter((word) => word !== '')
  return {
    infix: words.map((word) => identifier(word, true)).join(''),
    tag: words.map((word) => identifier(word, false)).join('_'),
  }
}

/** `rbac.authorization` becomes `RbacAuthorization`, or with a small first letter. */
export function identifier(text: string, capital: boolean): string {
  let result = ''
  let upper = capital
  for (const character of text) {
    const first = result === ''
    if (!(first ? /[\p{L}_]/u : /[\p{L}\p{N}_]/u).test(character)) upper = true
    else {
      result += upper ? character.toUpperCase() : character
      upper = false
    }
  }
  return result
}
