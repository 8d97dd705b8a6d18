import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { JsonWebKeySet, TokenClaims, TokenSigner, TokenVerification, TokenVerifier } from '#apiserver'
import { keyFromPem } from '../keys.ts'
import { signToken, verificationKey } from './keys.ts'
import type { VerificationKey } from './keys.ts'

/** Tokens whose verification is kept. */
const keptTokens = 1024

export interface ServiceAccountKeyOptions {
  /** Private key in PEM that signs; without it, none can be signed. A promise: it is still in the making. */
  readonly signingKey?: string | Promise<string>
  /** Further keys whose tokens are taken, in PEM, maybe several in a text: public ones, private ones for their public half, certificates. */
  readonly verificationKeys?: readonly string[]
}

/**
 * Signs tokens of service accounts and verifies them, RS256 or ES256, ES384, ES512 by the kind of key. Keys rotate by
 * putting a new one in front and leaving the old ones to verify.
 */
export class ServiceAccountKeys implements TokenSigner, TokenVerifier {
  readonly #signing: Promise<{ readonly key: KeyObject; readonly header: string }> | undefined
  #keys: readonly VerificationKey[]
  readonly #verified = new Map<string, TokenVerification>()

  /** @throws Error when a key can't be read. */
  constructor({ signingKey, verificationKeys = [] }: ServiceAccountKeyOptions) {
    this.#keys = verificationKeys.flatMap((pem) => pemBlocks(pem).map((one) => verificationKey(publicKeyFromPem(one))))
    if (typeof signingKey === 'string') this.#signing = Promise.resolve(this.#useSigningKey(signingKey))
    else this.#signing = signingKey?.then((pem) => this.#useSigningKey(pem))
    // Whoever signs hears of a failure; nobody else needs to.
    this.#signing?.catch(() => undefined)
  }

  #useSigningKey(pem: string): { readonly key: KeyObject; readonly header: string } {
    const key = keyFromPem(pem, 'service account signing key')
    const own = verificationKey(key)
    if (!this.#keys.some(({ id }) => id === own.id)) this.#keys = [own, ...this.#keys]
    return { key, header: encode({ alg: own.algorithm, kid: own.id }) }
  }

  async ready(): Promise<void> {
    await this.#signing
  }

  async sign(claims: TokenClaims): Promise<string> {
    if (!this.#signing) throw new Error('sign token: there is no signing key')
    const { key, header } = await this.#signing
    const content = `${header}.${encode(claims)}`
    const signature = await signToken(key, Buffer.from(content))
    return `${content}.${signature.toString('base64url')}`
  }

  verify(token: string): TokenVerification | undefined {
    const known = this.#verified.get(token)
    if (known) return known
    const parts = parse(token)
    if (!parts) return undefined
    const candidates = parts.kid ? this.#keys.filter(({ id }) => id === parts.kid) : this.#keys
    if (candidates.length === 0) return { error: 'invalid signature, no keys found' }
    if (!candidates.some((key) => key.algorithm === parts.algorithm && key.verify(parts.content, parts.signature))) {
      return { error: 'go-jose/go-jose: error in cryptographic primitive' }
    }
    return this.#keep(token, { claims: parts.claims })
  }

  /** The map keeps the order of insertion, so its first key is the oldest. */
  #keep(token: string, verification: TokenVerification): TokenVerification {
    if (this.#verified.size >= keptTokens) {
      const [oldest] = this.#verified.keys()
      if (oldest !== undefined) this.#verified.delete(oldest)
    }
    this.#verified.set(token, verification)
    return verification
  }

  keySet(): JsonWebKeySet {
    return { keys: this.#keys.map(({ jwk }) => jwk) }
  }
}

interface TokenParts {
  readonly kid: string | undefined
  readonly algorithm: unknown
  readonly claims: TokenClaims
  readonly content: Uint8Array
  readonly signature: Uint8Array
}

const compact = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/

function parse(token: string): TokenParts | undefined {
  const [, head, body, signature] = compact.exec(token) ?? []
  if (head === undefined || body === undefined || signature === undefined) return undefined
  const header = decode(head)
  const claims = decode(body)
  if (!header || !claims || 'crit' in header) return undefined
  return {
    kid: typeof header['kid'] === 'string' ? header['kid'] : undefined,
    algorithm: header['alg'],
    claims,
    content: Buffer.from(token.slice(0, token.lastIndexOf('.'))),
    signature: Buffer.from(signature, 'base64url'),
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function decode(text: string): TokenClaims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as TokenClaims) : undefined
  } catch {
    return undefined
  }
}

/** Keys and certificates of a text, one by one; parameters of curves stand beside keys and are none. */
function pemBlocks(text: string): readonly string[] {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g)]
  const keys = blocks.flatMap(([block, kind]) => (kind === 'EC PARAMETERS' ? [] : [block]))
  return keys.length === 0 ? [text] : keys
}

function publicKeyFromPem(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch (error) {
    throw new Error('read service account key: it is no key in PEM', { cause: error })
  }
}
