import { isDNS1035Label, isDNS1123Label, isDNS1123Subdomain } from './dns.ts'
import type { Problems } from './dns.ts'
import { isPathSegmentName, isPathSegmentPrefix } from './keys.ts'

/**
 * A rule for the names of a kind of objects: what is wrong with a name. With `prefix` the name is the beginning of one to
 * be generated, which may end with a dash.
 */
export type NameCheck = (name: string, prefix: boolean) => Problems

/** A final dash is no fault where something follows. */
function masked(name: string, prefix: boolean): string {
  return prefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
}

export const nameIsDNSSubdomain: NameCheck = (name, prefix) => isDNS1123Subdomain(masked(name, prefix))
export const nameIsDNSLabel: NameCheck = (name, prefix) => isDNS1123Label(masked(name, prefix))
export const nameIsDNS1035Label: NameCheck = (name, prefix) => isDNS1035Label(masked(name, prefix))
export const nameIsPathSegment: NameCheck = (name, prefix) =>
  prefix ? isPathSegmentPrefix(name) : isPathSegmentName(name)
