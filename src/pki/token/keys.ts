import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { JsonWebKey } from '#apiserver'
import { publicKeyBytes } from '../keys.ts'

interface Algorithm {
  readonly name: string
  readonly hash: string
}

const curves: { readonly [curve: string]: Algorithm } = {
  prime256v1: { name: 'ES256', hash: 'sha256' },
  secp384r1: { name: 'ES384', hash: 'sha384' },
  secp521r1: { name: 'ES512', hash: 'sha512' },
}

/** A public key that tokens are verified with. */
export interface VerificationKey {
  /** Hash of the key, so that it does not give the key away. */
  readonly id: string
  readonly algorithm: string
  verify(content: Uint8Array, signature: Uint8Array): boolean
  readonly jwk: JsonWebKey
}

/** @throws Error when the key is neither RSA nor on one of the curves of JWTs. */
export function verificationKey(key: KeyObject): VerificationKey {
  const publicKey = key.type === 'public' ? key : createPublicKey(key)
  const { name, hash } = algorithmOf(publicKey)
  const id = createHash('sha256').update(publicKeyBytes(publicKey)).digest('base64url')
  const { kty = '', crv, x, y, n, e } = publicKey.export({ format: 'jwk' })
  return {
    id,
    algorithm: name,
    verify: (content, signature) => verify(hash, content, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
    jwk: {
      use: 'sig',
      kty,
      kid: id,
      ...(crv === undefined ? {} : { crv }),
      alg: name,
      ...(x === undefined ? {} : { x }),
      ...(y === undefined ? {} : { y }),
      ...(n === undefined ? {} : { n }),
      ...(e === undefined ? {} : { e }),
    },
  }
}

const signAsync = promisify(sign)

/** Signs on a thread of its own: an RSA signature takes a millisecond. */
export async function signToken(key: KeyObject, content: Uint8Array): Promise<Buffer> {
  return signAsync(algorithmOf(key).hash, content, { key, dsaEncoding: 'ieee-p1363' })
}

function algorithmOf(key: KeyObject): Algorithm {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RS256', hash: 'sha256' }
  const algorithm = curves[key.asymmetricKeyDetails?.namedCurve ?? '']
  if (!algorithm) throw new Error('use key for tokens: it must be RSA, or EC on P-256, P-384 or P-521')
  return algorithm
}
