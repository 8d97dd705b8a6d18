import { messageOf, sleep } from '#base'
import type { Clock, Logger } from '#base'
import { quote } from '#machinery'
import type { TokenClaims } from '../token/signing.ts'
import { standardClaims } from '../service-account/claims.ts'
import type { Fetch } from './fetch.ts'
import { RemoteKeySet } from './keys.ts'
import type { VerifySignature } from './keys.ts'
import { parseToken } from './token.ts'

export interface ProviderOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly fetch: Fetch
  readonly verifySignature: VerifySignature
  readonly issuer: string
  /** Where its discovery document is; below the issuer when absent. */
  readonly discoveryURL?: string
  readonly audiences: readonly string[]
  /** JWS algorithms that tokens may be signed with. */
  readonly algorithms: readonly string[]
  /** Aborts when nobody needs it any more. */
  readonly signal: AbortSignal
  /** Hears of every attempt to get keys. */
  readonly keysFetched?: (document: string | undefined) => void
}

/** Milliseconds between two attempts to find the keys of an issuer. */
const retryMs = 10_000
/** How much later than now tokens may begin to be good, for clocks that differ. */
const notBeforeLeewayMs = 60_000

/** Verifies tokens of an issuer, once it has told where its keys are. Until then it is asked again and again. */
export class Provider {
  readonly #options: ProviderOptions
  #keys: RemoteKeySet | undefined
  #problem: string

  constructor(options: ProviderOptions) {
    this.#options = options
    this.#problem = `oidc: authenticator for issuer ${quote(options.issuer)} is not initialized`
    void this.#initialize()
  }

  get ready(): boolean {
    return this.#keys !== undefined
  }

  /** Why no token can be verified; `undefined` when they can. */
  get problem(): string | undefined {
    return this.#keys ? undefined : this.#problem
  }

  async #initialize(): Promise<void> {
    const { clock, logger, issuer, signal } = this.#options
    while (!signal.aborted) {
      try {
        this.#keys = await this.#discover()
        return
      } catch (error) {
        this.#problem = messageOf(error)
        if (!signal.aborted) logger.warn('Issuer of tokens is not there', { issuer, error })
      }
      await sleep(clock, retryMs, signal).catch(() => undefined)
    }
  }

  async #discover(): Promise<RemoteKeySet> {
    const { clock, fetch, verifySignature, issuer, keysFetched } = this.#options
    const url = this.#options.discoveryURL ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const { code, text } = await fetch(url)
    if (code !== 200) throw new Error(`${code}: ${text}`)
    const document = documentIn(text)
    if (document.issuer !== issuer) {
      const both = `expected ${quote(issuer)} got ${quote(document.issuer ?? '')}`
      throw new Error(`oidc: issuer did not match the issuer returned by provider, ${both}`)
    }
    if (!document.jwks_uri) throw new Error('provider did not return JWKS URL')
    const fetched = keysFetched ? { fetched: keysFetched } : {}
    return new RemoteKeySet({ clock, fetch, verifySignature, url: document.jwks_uri, ...fetched })
  }

  /**
   * The claims of a token, if it is this issuer's, for one of the audiences, and good now.
   * @throws Error what is wrong with it
   */
  verify(token: string): TokenClaims | Promise<TokenClaims> {
    const parsed = parseToken(token)
    if (!parsed) throw new Error('oidc: malformed jwt')
    const { algorithms } = this.#options
    if (!algorithms.includes(parsed.algorithm)) {
      const both = `expected ${quotedList(algorithms)} got ${quote(parsed.algorithm)}`
      throw new Error(`oidc: id token signed with unsupported algorithm, ${both}`)
    }
    if (!this.#keys) throw new Error('oidc: authenticator not initialized')
    let signed: true | Promise<boolean>
    try {
      signed = this.#keys.verify(parsed)
    } catch (error) {
      throw unsigned(error)
    }
    if (signed === true) return this.#checked(parsed.claims)
    return signed.then(
      (isSigned) => {
        if (!isSigned) throw unsigned(new Error('failed to verify id token signature'))
        return this.#checked(parsed.claims)
      },
      (error: unknown) => {
        throw unsigned(error)
      },
    )
  }

  #checked(claims: TokenClaims): TokenClaims {
    const { issuer, audiences, clock } = this.#options
    const { issuer: claimed, audiences: claimedAudiences, expires = 0, notBefore } = standardClaims(claims)
    const isGoogle = issuer === 'https://accounts.google.com' && claimed === 'accounts.google.com'
    if (claimed !== issuer && !isGoogle) {
      const both = `expected ${quote(issuer)} got ${quote(claimed)}`
      throw new Error(`oidc: id token issued by a different provider, ${both}`)
    }
    if (!audiences.some((audience) => claimedAudiences.includes(audience))) {
      const [only = ''] = audiences
      const one = audiences.length === 1
      const wanted = one ? quote(only) : `in ${quotedList(audiences.toSorted())}`
      throw new Error(`oidc: expected audience ${wanted} got ${quotedList(claimedAudiences)}`)
    }
    const now = clock.now()
    if (expires * 1000 < now) throw new Error(`oidc: token is expired (Token Expiry: ${timeText(expires)})`)
    if (notBefore !== undefined && now + notBeforeLeewayMs < notBefore * 1000) {
      const both = `current time ${timeText(Math.floor(now / 1000))} before the nbf (not before) time: ${timeText(notBefore)}`
      throw new Error(`oidc: ${both}`)
    }
    return claims
  }
}

const unsigned = (error: unknown): Error =>
  new Error(`failed to verify signature: ${messageOf(error)}`, { cause: error })

const quotedList = (texts: readonly string[]): string => `[${texts.map(quote).join(' ')}]`

function timeText(seconds: number): string {
  const [day = '', time = ''] = new Date(seconds * 1000).toISOString().split('T')
  return `${day} ${time.slice(0, 8)} +0000 UTC`
}

function documentIn(text: string): { readonly issuer?: string; readonly jwks_uri?: string } {
  try {
    return JSON.parse(text) as { readonly issuer?: string; readonly jwks_uri?: string }
  } catch (cause) {
    throw new Error(`oidc: failed to decode provider discovery object: ${(cause as Error).message}`, { cause })
  }
}
