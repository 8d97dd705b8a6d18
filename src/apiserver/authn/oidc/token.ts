import { base64UrlBytes } from '../token/base64url.ts'
import type { TokenClaims } from '../token/signing.ts'
import type { ParsedToken } from './keys.ts'

/** A token that can be read, with claims that nobody has verified. */
export interface UnverifiedToken extends ParsedToken {
  readonly claims: TokenClaims
}

const compact = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Who a token says has issued it; `undefined` when it is no compact JWT. */
export function untrustedIssuer(token: string): string | undefined {
  const [, payload, signature, ...rest] = token.split('.')
  if (payload === undefined || signature === undefined || rest.length > 0) return undefined
  const issuer = objectIn(payload)?.['iss'] ?? ''
  if (typeof issuer !== 'string') return undefined
  return issuer === 'accounts.google.com' ? 'https://accounts.google.com' : issuer
}

/** Takes a compact JWT apart; `undefined` when it is none. */
export function parseToken(token: string): UnverifiedToken | undefined {
  const [, head = '', payload = '', signature = ''] = compact.exec(token) ?? []
  const header = objectIn(head)
  const claims = objectIn(payload)
  if (!header || !claims || signature === '' || 'crit' in header) return undefined
  const { alg, kid } = header
  return {
    claims,
    algorithm: typeof alg === 'string' ? alg : '',
    keyId: typeof kid === 'string' ? kid : '',
    content: new TextEncoder().encode(`${head}.${payload}`),
    signature: base64UrlBytes(signature),
  }
}

function objectIn(text: string): TokenClaims | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(base64UrlBytes(text)))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TokenClaims) : undefined
  } catch {
    return undefined
  }
}
