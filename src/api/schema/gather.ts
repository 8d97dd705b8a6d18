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

function inOrder<T>(parts: readonly { readonly [name: string]: T }[]): { readonly [name: string]: T } {
  const all = parts.flatMap((part) => Object.entries(part)).sort(([a], [b]) => (a < b ? -1 : 1))
  const twice = all.find(([name], at) => name === all[at + 1]?.[0])
  if (twice) throw new Error(`${twice[0]} is told twice`)
  return Object.fromEntries(all)
}
