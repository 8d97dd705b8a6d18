import {
  cidrContains,
  invalidValue,
  isDNS1123Label,
  isDNS1123Subdomain,
  isPortName,
  isPortNumber,
  isQualifiedName,
  notSupported,
  parseCIDR,
  parseIP,
} from '#machinery'
import type { CIDR, FieldError, Path, Problems } from '#machinery'

/** Checks of single values that several kinds of the core group share. */

const each = (problems: Problems, value: unknown, path: Path): readonly FieldError[] =>
  problems.map((problem) => invalidValue(path, value, problem))

export const validateDNSLabel = (value: string, path: Path): readonly FieldError[] =>
  each(isDNS1123Label(value), value, path)

export const validateDNSSubdomain = (value: string, path: Path): readonly FieldError[] =>
  each(isDNS1123Subdomain(value), value, path)

export const validateQualifiedName = (value: string, path: Path): readonly FieldError[] =>
  each(isQualifiedName(value), value, path)

export const validatePortNumber = (value: number, path: Path): readonly FieldError[] =>
  each(isPortNumber(value), value, path)

/** A port, or the name of one. */
export const validatePort = (value: number | string, path: Path): readonly FieldError[] =>
  typeof value === 'number' ? validatePortNumber(value, path) : each(isPortName(value), value, path)

export function validateNonNegative(value: number, path: Path): readonly FieldError[] {
  return value < 0 ? [invalidValue(path, value, 'must be greater than or equal to 0')] : []
}

/** `values` in the order in which messages list them. */
export function validateOneOf(value: string, values: readonly string[], path: Path): readonly FieldError[] {
  return values.includes(value) ? [] : [notSupported(path, value, values)]
}

export const protocols: readonly string[] = ['SCTP', 'TCP', 'UDP']

/** An address that packets of a service may be sent to. */
export function validateEndpointIP(address: string, path: Path): readonly FieldError[] {
  const bytes = parseIP(address)
  if (!bytes) return [invalidValue(path, address, 'must be a valid IP address')]
  const within = (blocks: readonly CIDR[]): boolean => blocks.some((block) => cidrContains(block, bytes))
  const errors: FieldError[] = []
  if (bytes.every((byte) => byte === 0)) errors.push(invalidValue(path, address, `may not be unspecified (${address})`))
  if (within(loopback))
    errors.push(invalidValue(path, address, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'))
  if (within(linkLocal))
    errors.push(invalidValue(path, address, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'))
  if (within(linkLocalMulticast) || (bytes.length === 16 && bytes[0] === 0xff && ((bytes[1] ?? 0) & 0x0f) === 2))
    errors.push(invalidValue(path, address, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'))
  return errors
}

const blocks = (...texts: readonly string[]): readonly CIDR[] =>
  texts.map(parseCIDR).filter((block) => block !== undefined)

const loopback = blocks('127.0.0.0/8', '::1/128')
const linkLocal = blocks('169.254.0.0/16', 'fe80::/10')
const linkLocalMulticast = blocks('224.0.0.0/24')
