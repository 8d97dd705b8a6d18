import { constants, createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { DerReader, Tag } from '#machinery'
import type { CertificateRequest } from '#machinery'

/** Algorithms that a request may be signed by: of key and hash; those of DSA and MD5 are known, and refused. */
const algorithms: { readonly [oid: string]: SignatureScheme } = {
  '1.2.840.113549.1.1.4': { keys: 'RSA', hash: 'md5', insecure: 'MD5-RSA' },
  '1.2.840.113549.1.1.5': { keys: 'RSA', hash: 'sha1' },
  '1.3.14.3.2.29': { keys: 'RSA', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { keys: 'RSA', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { keys: 'RSA', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { keys: 'RSA', hash: 'sha512' },
  '1.2.840.10040.4.3': { keys: 'DSA', hash: 'sha1' },
  '2.16.840.1.101.3.4.3.2': { keys: 'DSA', hash: 'sha256' },
  '1.2.840.10045.4.1': { keys: 'ECDSA', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { keys: 'ECDSA', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { keys: 'ECDSA', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { keys: 'ECDSA', hash: 'sha512' },
  '1.3.101.112': { keys: 'Ed25519', hash: null },
}

interface SignatureScheme {
  readonly keys: 'RSA' | 'DSA' | 'ECDSA' | 'Ed25519'
  readonly hash: string | null
  readonly isPss?: true
  /** Its name, where nobody should trust it. */
  readonly insecure?: string
}

/** Kinds of keys as errors name them. */
const keyTypes: { readonly [type: string]: readonly [SignatureScheme['keys'], string] } = {
  rsa: ['RSA', '*rsa.PublicKey'],
  ec: ['ECDSA', '*ecdsa.PublicKey'],
  ed25519: ['Ed25519', 'ed25519.PublicKey'],
}

const curves = ['secp224r1', 'prime256v1', 'secp384r1', 'secp521r1']
const unimplemented = 'x509: cannot verify signature: algorithm unimplemented'
const minRsaBits = 1024

/** Why the key of a request, or its signature, is refused, in upstream's words; `undefined` for what is signed by its key. */
export function certificateRequestProblem(request: CertificateRequest): string | undefined {
  const unreadable = rsaKeyProblem(request.publicKey)
  if (unreadable !== undefined) return unreadable
  const key = keyOf(request)
  const kind = keyTypes[key?.asymmetricKeyType ?? '']
  const curve = key?.asymmetricKeyDetails?.namedCurve
  if (curve !== undefined && !curves.includes(curve)) return 'x509: unsupported elliptic curve'
  const scheme = algorithms[request.algorithm] ?? pssScheme(request)
  if (!scheme) return unimplemented
  if (scheme.insecure !== undefined) return `x509: cannot verify signature: insecure algorithm ${scheme.insecure}`
  if (!key || !kind) return unimplemented
  const [keys, type] = kind
  if (scheme.keys !== keys)
    return `x509: signature algorithm specifies an ${scheme.keys} public key, but have public key of type ${type}`
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < minRsaBits)
    return `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`
  if (isSigned(scheme, key, request)) return undefined
  return keys === 'RSA' ? 'crypto/rsa: verification error' : `x509: ${keys} verification failure`
}

function keyOf({ publicKey }: CertificateRequest): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

/** RSASSA-PSS says by which hash in its parameters, the same one throughout, with a salt of its size (RFC 4055). */
function pssScheme({ algorithm, parameters }: CertificateRequest): SignatureScheme | undefined {
  if (algorithm !== '1.2.840.113549.1.1.10' || !parameters) return undefined
  const found = pssHashes.find(([, encoded]) => Buffer.from(parameters).toString('hex') === encoded)
  return found && { keys: 'RSA', hash: found[0], isPss: true }
}

const pssHashes = (
  [
    ['sha256', '01', '20'],
    ['sha384', '02', '30'],
    ['sha512', '03', '40'],
  ] as const
).map(([hash, number, salt]) => {
  const identifier = `300d06096086480165030402${number}0500`
  return [hash, `3034a00f${identifier}a11c301a06092a864886f70d010108${identifier}a2030201${salt}`] as const
})

const rsaEncryption = '1.2.840.113549.1.1.1'

function rsaKeyProblem(publicKey: Uint8Array): string | undefined {
  const info = new DerReader(publicKey).into(Tag.sequence)
  const algorithm = info.into(Tag.sequence)
  if (algorithm.oid() !== rsaEncryption) return undefined
  if (algorithm.done || Buffer.from(algorithm.next().bytes).toString('hex') !== '0500')
    return 'x509: RSA key missing NULL parameters'
  let what = 'invalid RSA public key'
  try {
    const key = new DerReader(info.bits()).into(Tag.sequence)
    what = 'invalid RSA modulus'
    const modulus = key.expect(Tag.integer).content
    what = 'invalid RSA public exponent'
    const exponent = key.expect(Tag.integer).content
    if (isNotPositive(modulus)) return 'x509: RSA modulus is not a positive number'
    return isNotPositive(exponent) ? 'x509: RSA public exponent is not a positive number' : undefined
  } catch {
    return `x509: ${what}`
  }
}

const isNotPositive = (integer: Uint8Array): boolean =>
  ((integer[0] ?? 0) & 0x80) !== 0 || integer.every((byte) => byte === 0)

function isSigned({ hash, isPss }: SignatureScheme, key: KeyObject, request: CertificateRequest): boolean {
  const { content, signature } = request
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  try {
    return verify(hash, content, isPss ? { key, ...padding } : key, signature)
  } catch {
    return false
  }
}
