import { createPublicKey } from 'node:crypto'
import { encodePem, encodeRequestContent, encodeSigned, noAlternativeNames } from '#machinery'
import type { AlternativeNames, CertificateRequest, DistinguishedName } from '#machinery'
import { keyFromPem, publicKeyBytes, signatureIdentifier, signBytes, verifyBytes } from './keys.ts'

/**
 * Whether a request is signed by the key it asks a certificate for.
 *
 * @throws Error when the key or the algorithm can't be read.
 */
export function verifyCertificateRequest(request: CertificateRequest): boolean {
  const key = createPublicKey({ key: Buffer.from(request.publicKey), format: 'der', type: 'spki' })
  return verifyBytes(request.algorithm, key, request.content, request.signature)
}

/** A certificate signing request in PEM, signed by `key` (PEM). */
export function createCertificateRequest(
  key: string,
  subject: DistinguishedName,
  names: Partial<AlternativeNames> = {},
): string {
  const signer = keyFromPem(key, 'key of certificate request')
  const publicKey = publicKeyBytes(createPublicKey(signer))
  const content = encodeRequestContent(subject, { ...noAlternativeNames, ...names }, publicKey)
  const algorithm = signatureIdentifier(signer)
  return encodePem('CERTIFICATE REQUEST', encodeSigned(content, algorithm, signBytes(signer, content)))
}
