import type { UserInfo } from '#client'

const prefix = 'system:node:'

/** Name of the node that a user is: empty when it does not say which, `undefined` when it is none. */
export function nodeOf({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith(prefix) || !groups.includes('system:nodes')) return undefined
  return name.slice(prefix.length)
}
