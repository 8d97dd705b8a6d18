import { DerReader } from '../der/reader.ts'
import { contextTag, Tag } from '../der/tags.ts'
import { derBits, derExplicit, derInteger, derSequence, derTime } from '../der/writer.ts'
import {
  encodeAlternativeNames,
  hasAlternativeNames,
  noAlternativeNames,
  readAlternativeNames,
} from './alternative-names.ts'
import type { AlternativeNames } from './alternative-names.ts'
import {
  authorityKeyExtension,
  basicConstraintsExtension,
  encodeExtension,
  extendedKeyUsageExtension,
  extensionOids,
  keyUsageExtension,
  readExtensions,
  subjectKeyExtension,
} from './extensions.ts'
import type { Extension } from './extensions.ts'
import { encodeName, readName } from './name.ts'
import type { DistinguishedName } from './name.ts'
import type { CertificateUsages } from './usages.ts'

/** What an authority vouches for, before it has signed. */
export interface CertificateContent {
  /** Big-endian magnitude, at most 20 bytes. */
  readonly serialNumber: Uint8Array
  readonly subject: DistinguishedName
  /** Subject of the authority's certificate, as it is encoded there. */
  readonly issuer: Uint8Array
  /** Milliseconds since 1970; whole seconds count. */
  readonly notBefore: number
  readonly notAfter: number
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array
  readonly names: AlternativeNames
  readonly usages: CertificateUsages
  readonly isAuthority: boolean
  readonly subjectKeyId?: Uint8Array
  readonly authorityKeyId?: Uint8Array
}

/**
 * The part of a certificate that is signed (RFC 5280, TBSCertificate).
 *
 * @param algorithm AlgorithmIdentifier of the signature to come, in DER.
 */
export function encodeCertificateContent(content: CertificateContent, algorithm: Uint8Array): Uint8Array {
  return derSequence(
    derExplicit(0, derInteger(Uint8Array.of(2))),
    derInteger(content.serialNumber),
    algorithm,
    content.issuer,
    derSequence(derTime(content.notBefore), derTime(content.notAfter)),
    encodeName(content.subject),
    content.publicKey,
    derExplicit(3, derSequence(...extensionsOf(content).map(encodeExtension))),
  )
}

function extensionsOf(content: CertificateContent): Extension[] {
  const { usages, names, subject } = content
  const extensions: Extension[] = []
  if (usages.keyUsage.size > 0) extensions.push(keyUsageExtension(usages.keyUsage))
  if (usages.extended.length > 0) extensions.push(extendedKeyUsageExtension(usages.extended))
  extensions.push(basicConstraintsExtension(content.isAuthority))
  if (content.subjectKeyId) extensions.push(subjectKeyExtension(content.subjectKeyId))
  if (content.authorityKeyId) extensions.push(authorityKeyExtension(content.authorityKeyId))
  if (hasAlternativeNames(names)) {
    const critical = Object.keys(subject).length === 0
    extensions.push({ oid: extensionOids.subjectAlternativeName, critical, value: encodeAlternativeNames(names) })
  }
  return extensions
}

/** Content, algorithm and signature put together: how certificates and requests are sent. */
export const encodeSigned = (content: Uint8Array, algorithm: Uint8Array, signature: Uint8Array): Uint8Array =>
  derSequence(content, algorithm, derBits(signature))

export interface ParsedCertificate {
  readonly subject: DistinguishedName
  /** Subject as it is encoded. */
  readonly rawSubject: Uint8Array
  readonly issuer: DistinguishedName
  /** Milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array
  readonly names: AlternativeNames
  readonly subjectKeyId?: Uint8Array
}

/**
 * Reads a certificate in DER. The signature is not looked at.
 *
 * @throws DerError
 */
export function parseCertificate(bytes: Uint8Array): ParsedCertificate {
  const content = new DerReader(bytes).into(Tag.sequence).into(Tag.sequence)
  content.optional(contextTag(0, true))
  content.expect(Tag.integer)
  content.expect(Tag.sequence)
  const issuer = readName(content)
  const validity = content.into(Tag.sequence)
  const notBefore = validity.time()
  const notAfter = validity.time()
  const rawSubject = content.expect(Tag.sequence).bytes
  const publicKey = content.expect(Tag.sequence).bytes
  let names = noAlternativeNames
  let subjectKeyId: Uint8Array | undefined
  while (!content.done) {
    const part = content.next()
    if (part.tag !== contextTag(3, true)) continue
    for (const { oid, value } of readExtensions(new DerReader(part.content))) {
      if (oid === extensionOids.subjectAlternativeName) names = readAlternativeNames(new DerReader(value))
      if (oid === extensionOids.subjectKeyIdentifier)
        subjectKeyId = new DerReader(value).expect(Tag.octetString).content
    }
  }
  return {
    subject: readName(new DerReader(rawSubject)),
    rawSubject,
    issuer,
    notBefore,
    notAfter,
    publicKey,
    names,
    ...(subjectKeyId ? { subjectKeyId } : {}),
  }
}
