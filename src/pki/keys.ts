import { createPrivateKey, createPublicKey, generateKeyPair, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { derOid, derSequence } from '#machinery'

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** A new key on P-256; takes a fraction of a millisecond. */
export function generateEcKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

/** A new RSA key of 2048 bits, in PKCS #1 PEM. Takes a tenth of a second and more, on a thread of its own. */
export async function generateRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
}

/** The key in the PEM form that Kubernetes' tools write: `EC PRIVATE KEY`, `RSA PRIVATE KEY`, else PKCS #8. */
export function keyToPem(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString()
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString()
    default:
      return key.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
}

/** @throws Error naming `what` when the text is no private key. */
export function keyFromPem(pem: string, what: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (error) {
    throw new Error(`read ${what}: it is no private key in PEM`, { cause: error })
  }
}

/** The public half of a private key, in PEM: `PUBLIC KEY`. */
export const publicKeyToPem = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()

/** SubjectPublicKeyInfo in DER. */
export const publicKeyBytes = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

interface SignatureScheme {
  readonly hash: string | null
  /** AlgorithmIdentifier in DER. */
  readonly identifier: Uint8Array
}

const nullValue = Uint8Array.of(0x05, 0x00)

/** By object identifier: what certificates and requests are signed with. */
const schemes: { readonly [oid: string]: SignatureScheme } = Object.fromEntries(
  (
    [
      ['1.2.840.10045.4.3.2', 'sha256', []],
      ['1.2.840.10045.4.3.3', 'sha384', []],
      ['1.2.840.10045.4.3.4', 'sha512', []],
      ['1.2.840.113549.1.1.11', 'sha256', [nullValue]],
      ['1.2.840.113549.1.1.12', 'sha384', [nullValue]],
      ['1.2.840.113549.1.1.13', 'sha512', [nullValue]],
      ['1.3.101.112', null, []],
    ] as const
  ).map(([oid, hash, parameters]) => [oid, { hash, identifier: derSequence(derOid(oid), ...parameters) }]),
)

function schemeOf(oid: string): SignatureScheme {
  const scheme = schemes[oid]
  if (!scheme) throw new Error(`signature algorithm ${oid} is not supported`)
  return scheme
}

function schemeFor(key: KeyObject): SignatureScheme {
  if (key.asymmetricKeyType === 'rsa') return schemeOf('1.2.840.113549.1.1.11')
  if (key.asymmetricKeyType === 'ed25519') return schemeOf('1.3.101.112')
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (curve === 'secp384r1') return schemeOf('1.2.840.10045.4.3.3')
  if (curve === 'secp521r1') return schemeOf('1.2.840.10045.4.3.4')
  return schemeOf('1.2.840.10045.4.3.2')
}

/** AlgorithmIdentifier of the signatures that a key makes, in DER. */
export const signatureIdentifier = (key: KeyObject): Uint8Array => schemeFor(key).identifier

export const signBytes = (key: KeyObject, content: Uint8Array): Uint8Array => sign(schemeFor(key).hash, content, key)

/** @throws Error when the algorithm is not supported. */
export function verifyBytes(oid: string, key: KeyObject, content: Uint8Array, signature: Uint8Array): boolean {
  return verify(schemeOf(oid).hash, content, key, signature)
}

/** A new private key on P-256, in PEM. */
export const generatePrivateKey = (): string => keyToPem(generateEcKey())
