import { quote } from '../errors/quote.ts'
import { invalidValue } from '../field/error.ts'
import type { FieldError } from '../field/error.ts'
import type { Path } from '../field/path.ts'
import { formatIP, parseIP } from '../net/ip.ts'

const notAnIP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
const notACIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
const notAnInterface = 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)'

/** An IPv4 number written with zeros in front, which some software reads as octal. */
const leadingZeros = /(?:^|[.:])0\d+(?:\.|$)/

const hasLeadingZeros = (address: string): boolean => address.includes('.') && leadingZeros.test(address)
const isMapped = (address: string, bytes: Uint8Array): boolean => address.includes(':') && bytes.length === 4

/** An address in its canonical spelling. */
export function isValidIP(path: Path, value: string): readonly FieldError[] {
  const errors = isValidIPForLegacyField(path, value)
  if (errors.length > 0) return errors
  const canonical = formatIP(parseIP(value) ?? new Uint8Array(4))
  return value === canonical ? [] : [invalidValue(path, value, `must be in canonical form (${quote(canonical)})`)]
}

/**
 * An address in any clear spelling.
 *
 * @param validOld values that the field had already, and may keep
 */
export function isValidIPForLegacyField(
  path: Path,
  value: string,
  validOld: readonly string[] = [],
): readonly FieldError[] {
  if (validOld.includes(value)) return []
  const bytes = parseIP(value)
  if (bytes === undefined) return [invalidValue(path, value, notAnIP)]
  if (hasLeadingZeros(value)) return [invalidValue(path, value, 'must not have leading 0s')]
  if (isMapped(value, bytes)) return [invalidValue(path, value, 'must not be an IPv4-mapped IPv6 address')]
  return []
}

/** What to warn of in an address that {@link isValidIPForLegacyField} takes. */
export function warningsForIP(path: Path | string, value: string): readonly string[] {
  const bytes = parseIP(value)
  if (bytes === undefined) return []
  const canonical = formatIP(bytes)
  if (hasLeadingZeros(value) || isMapped(value, bytes)) {
    return [`${String(path)}: non-standard IP address ${quote(value)} is invalid: use ${quote(canonical)}`]
  }
  if (bytes.length === 4 || canonical === value) return []
  return [`${String(path)}: IPv6 address ${quote(value)} should be in RFC 5952 canonical format (${quote(canonical)})`]
}

interface Block {
  readonly address: string
  readonly bytes: Uint8Array
  /** Bits of the prefix, counted within `bytes`. */
  readonly prefix: number
  readonly leadingZeros: boolean
  readonly mapped: boolean
}

function readBlock(value: string): Block | undefined {
  const match = /^([^/]+)\/(\d+)$/.exec(value)
  const [, address = '', length = ''] = match ?? []
  const bytes = parseIP(address)
  if (match === null || bytes === undefined || length.length > 8) return undefined
  const mapped = isMapped(address, bytes)
  const written = Number(length)
  if (written > (mapped ? 128 : bytes.length * 8)) return undefined
  const zeros = hasLeadingZeros(address) || /^0\d/.test(length)
  return { address, bytes, prefix: mapped ? Math.max(0, written - 96) : written, leadingZeros: zeros, mapped }
}

/** The first address of a block. */
function masked({ bytes, prefix }: Block): Uint8Array {
  return bytes.map((byte, i) => byte & (0xff << (8 - Math.min(8, Math.max(0, prefix - i * 8)))))
}

const textOf = (block: Block): string => `${formatIP(masked(block))}/${block.prefix}`
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i])

/** A block of addresses in its canonical spelling. */
export function isValidCIDR(path: Path, value: string): readonly FieldError[] {
  const errors = isValidCIDRForLegacyField(path, value)
  const block = readBlock(value)
  if (errors.length > 0 || block === undefined) return errors
  const canonical = textOf(block)
  return value === canonical ? [] : [invalidValue(path, value, `must be in canonical form (${quote(canonical)})`)]
}

/**
 * A block of addresses in any clear spelling.
 *
 * @param validOld values that the field had already, and may keep
 */
export function isValidCIDRForLegacyField(
  path: Path,
  value: string,
  validOld: readonly string[] = [],
): readonly FieldError[] {
  if (validOld.includes(value)) return []
  const block = readBlock(value)
  if (block === undefined) return [invalidValue(path, value, notACIDR)]
  if (block.leadingZeros) return [invalidValue(path, value, 'must not have leading 0s in IP or prefix length')]
  if (block.mapped) return [invalidValue(path, value, 'must not have an IPv4-mapped IPv6 address')]
  if (sameBytes(block.bytes, masked(block))) return []
  return [invalidValue(path, value, 'must not have bits set beyond the prefix length')]
}

/** What to warn of in a block that {@link isValidCIDRForLegacyField} takes. */
export function warningsForCIDR(path: Path | string, value: string): readonly string[] {
  const block = readBlock(value)
  if (block === undefined) return []
  const at = String(path)
  const canonical = textOf(block)
  const warnings: string[] = []
  if (!sameBytes(block.bytes, masked(block))) {
    const single = `${formatIP(block.bytes)}/${block.mapped ? 128 : block.bytes.length * 8}`
    warnings.push(
      `${at}: CIDR value ${quote(value)} is ambiguous in this context (should be ${quote(canonical)} or ${quote(single)}?)`,
    )
  }
  if (block.leadingZeros || block.mapped) {
    warnings.push(`${at}: non-standard CIDR value ${quote(value)} is invalid: use ${quote(canonical)}`)
  }
  const plain = `${formatIP(block.bytes)}/${block.prefix}`
  if (warnings.length === 0 && block.bytes.length === 16 && plain !== value) {
    warnings.push(`${at}: IPv6 CIDR value ${quote(value)} should be in RFC 5952 canonical format (${quote(plain)})`)
  }
  return warnings
}

/** An address with the length of its network: `192.168.1.5/24`. */
export function isValidInterfaceAddress(path: Path, value: string): readonly FieldError[] {
  const block = readBlock(value)
  if (block === undefined) return [invalidValue(path, value, notAnInterface)]
  const canonical = `${formatIP(block.bytes)}/${block.prefix}`
  return value === canonical ? [] : [invalidValue(path, value, `must be in canonical form (${quote(canonical)})`)]
}
