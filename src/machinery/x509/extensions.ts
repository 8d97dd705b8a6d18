import type { DerReader } from '../der/reader.ts'
import { Tag } from '../der/tags.ts'
import { derBits, derBoolean, derImplicit, derOctets, derOid, derSequence } from '../der/writer.ts'

export const extensionOids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

export interface Extension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

export const encodeExtension = ({ oid, critical, value }: Extension): Uint8Array =>
  derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctets(value))

/** Reads a sequence of extensions. */
export function readExtensions(reader: DerReader): Extension[] {
  const extensions: Extension[] = []
  const list = reader.into(Tag.sequence)
  while (!list.done) {
    const extension = list.into(Tag.sequence)
    const oid = extension.oid()
    const critical = extension.optional(Tag.boolean)?.content[0] === 0xff
    extensions.push({ oid, critical, value: extension.expect(Tag.octetString).content })
  }
  return extensions
}

export function keyUsageExtension(bits: ReadonlySet<number>): Extension {
  const last = Math.max(...bits)
  const bytes = new Uint8Array(Math.floor(last / 8) + 1)
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return { oid: extensionOids.keyUsage, critical: true, value: derBits(bytes, 7 - (last & 7)) }
}

export const extendedKeyUsageExtension = (oids: readonly string[]): Extension => ({
  oid: extensionOids.extendedKeyUsage,
  critical: false,
  value: derSequence(...oids.map(derOid)),
})

export const basicConstraintsExtension = (isAuthority: boolean): Extension => ({
  oid: extensionOids.basicConstraints,
  critical: true,
  value: derSequence(...(isAuthority ? [derBoolean(true)] : [])),
})

export const subjectKeyExtension = (id: Uint8Array): Extension => ({
  oid: extensionOids.subjectKeyIdentifier,
  critical: false,
  value: derOctets(id),
})

export const authorityKeyExtension = (id: Uint8Array): Extension => ({
  oid: extensionOids.authorityKeyIdentifier,
  critical: false,
  value: derSequence(derImplicit(0, id)),
})
