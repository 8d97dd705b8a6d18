import { contextTag, DerError, DerReader, parseCertificate, Tag } from '#machinery'
import { semanticEqual } from '#base'

type Algorithm = 'RSA' | 'ECDSA' | 'Ed25519'

/** What tells one public key from another. */
export interface PublicKey {
  readonly algorithm: Algorithm | undefined
  /** Modulus and exponent, or the point; absent where it takes arithmetic to find it. */
  readonly material: readonly number[] | undefined
}

const algorithms: { readonly [oid: string]: Algorithm } = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.10045.2.1': 'ECDSA',
  '1.3.101.112': 'Ed25519',
}

/** The key of a certificate in DER; `undefined` when it is none. */
export function publicKeyOf(certificate: Uint8Array): PublicKey | undefined {
  return orUndefined(() => {
    const info = new DerReader(parseCertificate(certificate).publicKey).into(Tag.sequence)
    const algorithm = algorithms[info.into(Tag.sequence).oid()]
    const bits = info.bits()
    return {
      algorithm,
      material: algorithm === 'RSA' ? rsaMaterial(new DerReader(bits).into(Tag.sequence)) : [...bits],
    }
  })
}

/** What keeps a private key in DER (PKCS #1, PKCS #8, SEC 1) from being the one of a public key. */
export function matchProblem(publicKey: PublicKey, privateKey: Uint8Array): string | undefined {
  const own = orUndefined(() => readPrivateKey(new DerReader(privateKey).into(Tag.sequence)))
  if (!own) return 'tls: failed to parse private key'
  if (publicKey.algorithm === undefined) return 'tls: unknown public key algorithm'
  if (own.algorithm !== publicKey.algorithm) return 'tls: private key type does not match public key type'
  if (own.material === undefined || semanticEqual(own.material, publicKey.material)) return undefined
  return 'tls: private key does not match public key'
}

function readPrivateKey(reader: DerReader, algorithm?: Algorithm): PublicKey | undefined {
  reader.expect(Tag.integer)
  switch (reader.tag) {
    case Tag.sequence: {
      const named = algorithms[reader.into(Tag.sequence).oid()]
      const inner = reader.expect(Tag.octetString).content
      if (named === 'Ed25519') return { algorithm: named, material: undefined }
      return named && readPrivateKey(new DerReader(inner).into(Tag.sequence), named)
    }
    case Tag.integer:
      return algorithm === 'ECDSA' ? undefined : { algorithm: 'RSA', material: rsaMaterial(reader) }
    case Tag.octetString:
      return algorithm === 'RSA' ? undefined : { algorithm: 'ECDSA', material: pointOf(reader) }
    default:
      return undefined
  }
}

function rsaMaterial(reader: DerReader): readonly number[] {
  const modulus = reader.expect(Tag.integer).content
  return [...modulus, ...reader.expect(Tag.integer).content]
}

function pointOf(reader: DerReader): readonly number[] | undefined {
  reader.expect(Tag.octetString)
  reader.optional(contextTag(0, true))
  const point = reader.optional(contextTag(1, true))
  return point && [...new DerReader(point.content).bits()]
}

function orUndefined<T>(read: () => T | undefined): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
