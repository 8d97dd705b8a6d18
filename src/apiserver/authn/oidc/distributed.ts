import type { TokenClaims } from '../token/signing.ts'
import type { Fetch } from './fetch.ts'
import type { Provider } from './provider.ts'
import { untrustedIssuer } from './token.ts'

interface Source {
  readonly endpoint?: string
  readonly access_token?: string
}

/**
 * Gets a claim that a token does not carry itself, and says where it is (OpenID Connect Core 1.0, section 5.6.2).
 */
export class DistributedClaim {
  readonly #claim: string
  readonly #fetch: Fetch
  readonly #providerOf: (issuer: string) => Provider
  readonly #providers = new Map<string, Provider>()

  /** @param providerOf makes a provider for an issuer other than the token's. */
  constructor(claim: string, fetch: Fetch, providerOf: (issuer: string) => Provider) {
    this.#claim = claim
    this.#fetch = fetch
    this.#providerOf = providerOf
  }

  /** Claims with this one among them, if it is elsewhere; the same claims when it is not. @throws Error */
  expand(claims: TokenClaims): TokenClaims | Promise<TokenClaims> {
    if (Object.hasOwn(claims, this.#claim) || !Object.hasOwn(claims, '_claim_names')) return claims
    const names = recordOf(claims['_claim_names'], 'oidc: error parsing distributed claim names')
    if (!Object.hasOwn(claims, '_claim_sources')) throw new Error('oidc: no claim sources')
    const sources = recordOf(claims['_claim_sources'], 'oidc: could not parse claim sources')
    const name = names[this.#claim]
    if (typeof name !== 'string') return claims
    const source = sources[name] as Source | undefined
    if (!source) throw new Error(`id token _claim_names contained a source ${name} missing in _claims_sources`)
    // Without an address, the claim is maybe within the source itself, which upstream does not read either.
    return source.endpoint ? this.#resolve(source.endpoint, source.access_token, claims) : claims
  }

  async #resolve(endpoint: string, accessToken: string | undefined, claims: TokenClaims): Promise<TokenClaims> {
    const token = await this.#tokenAt(endpoint, accessToken)
    const issuer = untrustedIssuer(token)
    if (issuer === undefined) {
      throw new Error(
        `getting untrusted issuer from endpoint ${endpoint} failed for claim "${this.#claim}": malformed token`,
      )
    }
    let provider = this.#providers.get(issuer)
    if (!provider) this.#providers.set(issuer, (provider = this.#providerOf(issuer)))
    if (!provider.ready) {
      throw new Error(`verifying untrusted issuer ${issuer} failed: verifier not initialized for issuer: "${issuer}"`)
    }
    let found: TokenClaims
    try {
      found = await provider.verify(token)
    } catch (cause) {
      throw new Error(`verify distributed claim token: ${(cause as Error).message}`, { cause })
    }
    if (!Object.hasOwn(found, this.#claim)) {
      throw new Error(`jwt returned by distributed claim endpoint "${endpoint}" did not contain claim: ${this.#claim}`)
    }
    return { ...claims, [this.#claim]: found[this.#claim] }
  }

  async #tokenAt(endpoint: string, accessToken: string | undefined): Promise<string> {
    try {
      const { code, text } = await this.#fetch(endpoint, accessToken ? { authorization: `Bearer ${accessToken}` } : {})
      if (code < 200 || code > 226) throw new Error(`error while getting distributed claim JWT: ${code}`)
      return text
    } catch (cause) {
      throw new Error(`while getting distributed claim "${this.#claim}": ${(cause as Error).message}`, { cause })
    }
  }
}

function recordOf(value: unknown, failure: string): TokenClaims {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as TokenClaims
  throw new Error(`${failure}: json: cannot unmarshal ${typeof value} into Go value of type map[string]string`)
}
