import { DerReader } from '../der/reader.ts'
import { contextTag, Tag } from '../der/tags.ts'
import { derExplicit, derInteger, derOid, derSequence, derSet } from '../der/writer.ts'
import {
  encodeAlternativeNames,
  hasAlternativeNames,
  noAlternativeNames,
  readAlternativeNames,
} from './alternative-names.ts'
import type { AlternativeNames } from './alternative-names.ts'
import { encodeExtension, extensionOids, readExtensions } from './extensions.ts'
import { encodeName, readName } from './name.ts'
import type { DistinguishedName } from './name.ts'
import { decodePem } from './pem.ts'
import { requestStructureProblem } from './request-structure.ts'

/** A certificate signing request (PKCS #10, RFC 2986). */
export interface CertificateRequest {
  readonly subject: DistinguishedName
  readonly names: AlternativeNames
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array
  /** What is signed. */
  readonly content: Uint8Array
  /** Object identifier of the signature's algorithm. */
  readonly algorithm: string
  /** Its parameters in DER, if it has any. */
  readonly parameters?: Uint8Array
  readonly signature: Uint8Array
}

const extensionRequest = '1.2.840.113549.1.9.14'

/**
 * Reads the request of a CertificateSigningRequest object, in PEM. The signature is not checked.
 *
 * @throws Error, whose text the API's users see; DerError
 */
export function parseCertificateRequest(pem: string | Uint8Array): CertificateRequest {
  const [block] = decodePem(pem)
  if (block?.type !== 'CERTIFICATE REQUEST') throw new Error('PEM block type must be CERTIFICATE REQUEST')
  const problem = requestStructureProblem(block.bytes)
  if (problem !== undefined) throw new Error(problem)
  return readCertificateRequest(block.bytes)
}

/** Reads a request in DER. @throws DerError */
export function readCertificateRequest(bytes: Uint8Array): CertificateRequest {
  const request = new DerReader(bytes).into(Tag.sequence)
  const content = request.expect(Tag.sequence)
  const signer = request.into(Tag.sequence)
  const algorithm = signer.oid()
  const parameters = signer.done ? {} : { parameters: signer.next().bytes }
  const signature = request.bits()
  const parts = new DerReader(content.content)
  parts.expect(Tag.integer)
  const subject = readName(parts)
  const publicKey = parts.expect(Tag.sequence).bytes
  let names = noAlternativeNames
  const attributes = new DerReader(parts.optional(contextTag(0, true))?.content ?? new Uint8Array())
  while (!attributes.done) {
    const attribute = attributes.into(Tag.sequence)
    if (attribute.oid() !== extensionRequest) continue
    for (const { oid, value } of readExtensions(attribute.into(Tag.set))) {
      if (oid === extensionOids.subjectAlternativeName) names = readAlternativeNames(new DerReader(value))
    }
  }
  return { subject, names, publicKey, content: content.bytes, algorithm, ...parameters, signature }
}

/** The part of a request that is signed. */
export function encodeRequestContent(
  subject: DistinguishedName,
  names: AlternativeNames,
  publicKey: Uint8Array,
): Uint8Array {
  const extensions = hasAlternativeNames(names)
    ? [
        encodeExtension({
          oid: extensionOids.subjectAlternativeName,
          critical: false,
          value: encodeAlternativeNames(names),
        }),
      ]
    : []
  const attributes = extensions.map((extension) =>
    derSequence(derOid(extensionRequest), derSet(derSequence(extension))),
  )
  return derSequence(derInteger(Uint8Array.of(0)), encodeName(subject), publicKey, derExplicit(0, ...attributes))
}
