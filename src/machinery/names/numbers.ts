import { byteLength } from '../text/length.ts'
import type { Problems } from './dns.ts'
import { inclusiveRangeError, maxLengthError } from './messages.ts'

const maxInt32 = 2 ** 31 - 1
const maxPortName = 15

export function isInRange(value: number, low: number, high: number): Problems {
  return value >= low && value <= high ? [] : [inclusiveRangeError(low, high)]
}

export const isPortNumber = (port: number): Problems => isInRange(port, 1, 65_535)
export const isGroupID = (id: number): Problems => isInRange(id, 0, maxInt32)
export const isUserID = (id: number): Problems => isInRange(id, 0, maxInt32)

/** The name of a port of a container or service, by RFC 6335. */
export function isPortName(value: string): Problems {
  const rules: readonly (readonly [boolean, string])[] = [
    [byteLength(value) <= maxPortName, maxLengthError(maxPortName)],
    [/^[-a-z0-9]+$/.test(value), 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'],
    [/[a-z]/.test(value), 'must contain at least one letter (a-z)'],
    [!value.includes('--'), 'must not contain consecutive hyphens'],
    [!/^-|-$/.test(value), 'must not begin or end with a hyphen'],
  ]
  return rules.filter(([kept]) => !kept).map(([, problem]) => problem)
}
