import { constants, createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { JsonWebKey, VerifySignature } from '#apiserver'

/** JWS algorithms (RFC 7518) that tokens of others may be signed with. */
export const signatureAlgorithms: readonly string[] = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
]

const curves: { readonly [algorithm: string]: string } = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
}

/** Keys stay as long as the documents they came in; reading one takes longer than using it. */
const known = new WeakMap<object, KeyObject | undefined>()

function keyOf(jwk: Partial<JsonWebKey>): KeyObject | undefined {
  if (known.has(jwk)) return known.get(jwk)
  let key: KeyObject | undefined
  try {
    key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    key = undefined
  }
  known.set(jwk, key)
  return key
}

/** Whether a JSON Web Key has signed content, by one of these algorithms. */
export const verifySignature: VerifySignature = (jwk, algorithm, content, signature) => {
  if (!signatureAlgorithms.includes(algorithm)) return false
  const key = keyOf(jwk)
  if (!key) return false
  const hash = `sha${algorithm.slice(2)}`
  const curve = curves[algorithm]
  if (curve !== undefined) {
    if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== curve) return false
    return verify(hash, content, { key, dsaEncoding: 'ieee-p1363' }, signature)
  }
  if (key.asymmetricKeyType !== 'rsa') return false
  if (algorithm.startsWith('RS')) return verify(hash, content, key, signature)
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return verify(hash, content, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_AUTO }, signature)
}
