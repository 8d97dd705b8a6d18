import type { GroupVersionData, GroupVersionPart } from './group-version.ts'

/**
 * Puts the parts of a group version together, everything in the order of its name.
 *
 * @throws Error when two parts tell of the same.
 */
export function gather(parts: readonly GroupVersionPart[]): Pick<GroupVersionData, 'resources' | 'types'> {
  return {
    resources: inOrder(parts.map(({ resources = {} }) => resources)),
    types: inOrder(parts.map(({ types }) => types)),
  }
}

/** Every start comes by here: names alone are sorted fast, entries that a function compares are not. */
function inOrder<T>(parts: readonly { readonly [name: string]: T }[]): { readonly [name: string]: T } {
  const all = new Map<string, T>()
  for (const part of parts) {
    for (const name in part) {
      if (all.has(name)) throw new Error(`${name} is told twice`)
      all.set(name, part[name] as T)
    }
  }
  const ordered: { [name: string]: T } = {}
  for (const name of [...all.keys()].sort()) ordered[name] = all.get(name) as T
  return ordered
}
