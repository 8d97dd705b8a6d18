import type { DerReader } from '../der/reader.ts'
import { Tag } from '../der/tags.ts'
import { derImplicit, derSequence } from '../der/writer.ts'
import { formatIP, parseIP } from '../net/ip.ts'
import { decodeText, encodeText } from '../text/utf8.ts'

/** Names of a certificate beside its subject (RFC 5280, 4.2.1.6). */
export interface AlternativeNames {
  readonly dnsNames: readonly string[]
  /** Textual addresses. */
  readonly ipAddresses: readonly string[]
  readonly emailAddresses: readonly string[]
  readonly uris: readonly string[]
}

export const noAlternativeNames: AlternativeNames = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] }

const kinds = { email: 1, dns: 2, uri: 6, ip: 7 } as const

export const hasAlternativeNames = (names: AlternativeNames): boolean =>
  names.dnsNames.length + names.ipAddresses.length + names.emailAddresses.length + names.uris.length > 0

/** @throws TypeError when an address is none. */
export function encodeAlternativeNames(names: AlternativeNames): Uint8Array {
  return derSequence(
    ...names.dnsNames.map((name) => derImplicit(kinds.dns, encodeText(name))),
    ...names.emailAddresses.map((name) => derImplicit(kinds.email, encodeText(name))),
    ...names.ipAddresses.map((address) => {
      const bytes = parseIP(address)
      if (!bytes) throw new TypeError(`write certificate: "${address}" is no IP address`)
      return derImplicit(kinds.ip, bytes)
    }),
    ...names.uris.map((uri) => derImplicit(kinds.uri, encodeText(uri))),
  )
}

/** Kinds of names that are not listed in {@link AlternativeNames} are passed over. */
export function readAlternativeNames(reader: DerReader): AlternativeNames {
  const dnsNames: string[] = []
  const ipAddresses: string[] = []
  const emailAddresses: string[] = []
  const uris: string[] = []
  const names = reader.into(Tag.sequence)
  while (!names.done) {
    const { tag, content } = names.next()
    if (tag === (0x80 | kinds.dns)) dnsNames.push(decodeText(content))
    else if (tag === (0x80 | kinds.email)) emailAddresses.push(decodeText(content))
    else if (tag === (0x80 | kinds.uri)) uris.push(decodeText(content))
    else if (tag === (0x80 | kinds.ip)) ipAddresses.push(formatIP(content))
  }
  return { dnsNames, ipAddresses, emailAddresses, uris }
}
