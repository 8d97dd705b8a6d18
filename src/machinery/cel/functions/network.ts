import { cidrContains, parseCIDR } from '../../net/cidr.ts'
import type { CIDR } from '../../net/cidr.ts'
import { canonicalIP, formatIP, parseIP } from '../../net/ip.ts'
import { addressProblem, networkProblem } from './addresses.ts'
import { quote } from '../../errors/quote.ts'
import { CelError } from '../error.ts'
import { EntryMap, listOf } from '../values/values.ts'
import type { MapValue, Opaque } from '../values/values.ts'
import { global, member } from './function.ts'
import type { Overload } from './function.ts'

class IPValue implements Opaque {
  readonly opaque = 'net.IP'
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get text(): string {
    return formatIP(this.bytes)
  }

  /** In bytes. */
  get size(): number {
    return this.bytes.length
  }

  equals(other: Opaque): boolean {
    return other instanceof IPValue && this.text === other.text
  }
}

class CIDRValue implements Opaque {
  readonly opaque = 'net.CIDR'
  readonly cidr: CIDR
  readonly address: Uint8Array
  readonly bits: number

  constructor(cidr: CIDR, address: Uint8Array, bits: number) {
    this.cidr = cidr
    this.address = address
    this.bits = bits
  }

  get text(): string {
    return `${formatIP(this.address)}/${this.bits}`
  }

  /** Of its prefix, in bytes. */
  get size(): number {
    return Math.ceil(this.bits / 8)
  }

  equals(other: Opaque): boolean {
    return other instanceof CIDRValue && this.text === other.text
  }
}

class URLValue implements Opaque {
  readonly opaque = 'kubernetes.URL'
  readonly text: string
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string

  constructor(text: string, scheme: string, host: string, path: string, query: string) {
    this.text = text
    this.scheme = scheme
    this.host = host
    this.path = path
    this.query = query
  }

  equals(other: Opaque): boolean {
    return other instanceof URLValue && this.text === other.text
  }
}

/** Addresses with leading zeros, zones, or in IPv6's form of IPv4 are none here. */
function readIP(text: string): IPValue | undefined {
  if (/(^|\.)0\d/.test(text) || /^::ffff:\d+\./i.test(text) || text.includes('%')) return undefined
  const bytes = parseIP(text)
  return bytes && new IPValue(bytes)
}

function readCIDR(text: string): CIDRValue | undefined {
  const cidr = parseCIDR(text)
  const [address = '', bits = ''] = text.split('/')
  const ip = readIP(address)
  return cidr && ip && new CIDRValue(cidr, ip.bytes, Number(bits))
}

function needed<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new CelError(message)
  return value
}

function ipOf(text: string): IPValue {
  const ip = readIP(text)
  if (ip) return ip
  const problem = addressProblem(text)
  if (problem !== undefined)
    throw new CelError(`IP Address ${quote(text)} parse error during conversion from string: ${problem}`)
  throw new CelError(
    text.includes('%')
      ? `IP address ${quote(text)} with zone value is not allowed`
      : `IPv4-mapped IPv6 address ${quote(text)} is not allowed`,
  )
}

function cidrOf(text: string): CIDRValue {
  const network = readCIDR(text)
  if (network) return network
  const problem = networkProblem(text)
  const why =
    problem === undefined
      ? `IPv4-mapped IPv6 address ${quote(text)} is not allowed`
      : `network address parse error during conversion from string: ${problem}`
  throw new CelError(`network address parse error during conversion from string: ${why}`)
}

/** A part of a comparison that can't be read keeps it from being made. */
function readable<T>(value: T | undefined): T {
  return needed(value, 'no such overload')
}

const first = ({ bytes }: IPValue): number => bytes[0] ?? 0
const isV4 = ({ bytes }: IPValue): boolean => bytes.length === 4
const linkLocal = (ip: IPValue): boolean =>
  isV4(ip) ? first(ip) === 169 && ip.bytes[1] === 254 : first(ip) === 0xfe && ((ip.bytes[1] ?? 0) & 0xc0) === 0x80
const loopback = (ip: IPValue): boolean => (isV4(ip) ? first(ip) === 127 : ip.text === '::1')
const multicast = (ip: IPValue): boolean => (isV4(ip) ? (first(ip) & 0xf0) === 0xe0 : first(ip) === 0xff)
const unspecified = (ip: IPValue): boolean => ip.bytes.every((byte) => byte === 0)
const linkLocalMulticast = (ip: IPValue): boolean =>
  isV4(ip)
    ? first(ip) === 224 && ip.bytes[1] === 0 && ip.bytes[2] === 0
    : first(ip) === 0xff && ((ip.bytes[1] ?? 0) & 0x0f) === 2

function masked({ cidr, address, bits }: CIDRValue): CIDRValue {
  const kept = address.map((byte, index) => byte & ~(0xff >> Math.min(Math.max(bits - index * 8, 0), 8)))
  return new CIDRValue(cidr, kept, bits)
}

function containsCIDR(outer: CIDRValue, inner: CIDRValue): boolean {
  if (outer.address.length !== inner.address.length) return false
  return outer.bits <= inner.bits && cidrContains(outer.cidr, masked(inner).address)
}

export function readURL(text: string): URLValue | undefined {
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/.exec(text)
  if (!match || /[\s]/.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return undefined
  const [, scheme = '', authority = '', path = '', query = ''] = match
  // Only what stands by itself: with a scheme, or from the root of a host.
  if (scheme === '' && !path.startsWith('/')) return undefined
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (/:\D+$/.test(host) && !host.endsWith(']')) return undefined
  return new URLValue(text, scheme.toLowerCase(), host, path, query)
}

function queryOf({ query }: URLValue): MapValue {
  const found = new Map<string, string[]>()
  for (const part of query.split('&')) {
    if (part === '') continue
    const [key = '', ...rest] = part.split('=').map((text) => decodeURIComponent(text.replaceAll('+', ' ')))
    const values = found.get(key)
    if (values) values.push(rest.join('='))
    else found.set(key, [rest.join('=')])
  }
  const map = new EntryMap()
  for (const [key, values] of found) map.set(key, listOf(values))
  return map
}

const portOf = ({ host }: URLValue): string => /:(\d*)$/.exec(host)?.[1] ?? ''
const hostnameOf = ({ host }: URLValue): string => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')

const ip = 'net.IP'
const cidr = 'net.CIDR'
const url = 'kubernetes.URL'

/** Kubernetes' libraries of addresses, networks and URLs. */
export const networkFunctions: readonly Overload[] = [
  global('ip', ['string'], ip, ipOf),
  global('isIP', ['string'], 'bool', (text: string) => readIP(text) !== undefined),
  global(
    'ip.isCanonical',
    ['string'],
    'bool',
    (text: string) => ipOf(text).text === text && canonicalIP(text) === text,
  ),
  global('string', [ip], 'string', (value: IPValue) => value.text),
  member('family', [ip], 'int', (value: IPValue) => (isV4(value) ? 4n : 6n)),
  member('isUnspecified', [ip], 'bool', unspecified),
  member('isLoopback', [ip], 'bool', loopback),
  member('isLinkLocalMulticast', [ip], 'bool', linkLocalMulticast),
  member('isLinkLocalUnicast', [ip], 'bool', linkLocal),
  member(
    'isGlobalUnicast',
    [ip],
    'bool',
    (value: IPValue) =>
      !unspecified(value) &&
      !loopback(value) &&
      !multicast(value) &&
      !linkLocal(value) &&
      value.text !== '255.255.255.255',
  ),
  global('cidr', ['string'], cidr, cidrOf),
  global('isCIDR', ['string'], 'bool', (text: string) => readCIDR(text) !== undefined),
  global('string', [cidr], 'string', (value: CIDRValue) => value.text),
  member('containsIP', [cidr, ip], 'bool', (network: CIDRValue, value: IPValue) =>
    cidrContains(network.cidr, value.bytes),
  ),
  member('containsIP', [cidr, 'string'], 'bool', (network: CIDRValue, text: string) =>
    cidrContains(network.cidr, readable(readIP(text)).bytes),
  ),
  member('containsCIDR', [cidr, cidr], 'bool', containsCIDR),
  member('containsCIDR', [cidr, 'string'], 'bool', (network: CIDRValue, text: string) =>
    containsCIDR(network, cidrOf(text)),
  ),
  member('ip', [cidr], ip, ({ address }: CIDRValue) => new IPValue(address)),
  member('masked', [cidr], cidr, masked),
  member('prefixLength', [cidr], 'int', ({ bits }: CIDRValue) => BigInt(bits)),
  global('url', ['string'], url, (text: string) =>
    needed(
      readURL(text),
      `URL parse error during conversion from string: parse ${quote(text)}: invalid URI for request`,
    ),
  ),
  global('isURL', ['string'], 'bool', (text: string) => readURL(text) !== undefined),
  member('getScheme', [url], 'string', ({ scheme }: URLValue) => scheme),
  member('getHost', [url], 'string', ({ host }: URLValue) => host),
  member('getHostname', [url], 'string', hostnameOf),
  member('getPort', [url], 'string', portOf),
  member('getEscapedPath', [url], 'string', ({ path }: URLValue) => path),
  member('getQuery', [url], 'map<string,list<string>>', queryOf),
]
