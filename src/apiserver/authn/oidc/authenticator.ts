import { messageOf } from '#base'
import type { Clock, Logger } from '#base'
import { aggregate, quote } from '#machinery'
import type { WebhookDialer } from '../../webhook/dialer.ts'
import type { Authentication, TokenAuthenticator } from '../authenticator.ts'
import type { CompiledIssuer } from '../configuration/validate.ts'
import type { TokenClaims } from '../token/signing.ts'
import { DistributedClaim } from './distributed.ts'
import { fetcher } from './fetch.ts'
import type { VerifySignature } from './keys.ts'
import { Provider } from './provider.ts'
import { userOfClaims } from './rules.ts'
import { untrustedIssuer } from './token.ts'

/** What becomes of tokens, and of keys, for metrics. */
export interface IssuerRecord {
  /** A token was looked at. @param milliseconds that took */
  authenticated(issuer: string, success: boolean, milliseconds: number): void
  /** Keys were asked for. @param document that came; `undefined` when none did */
  keysFetched(issuer: string, document: string | undefined): void
  /** The issuer's tokens are no longer taken. */
  removed(issuer: string): void
}

export interface IssuersOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly dial: WebhookDialer
  readonly verifySignature: VerifySignature
  /** JWS algorithms that tokens may be signed with. */
  readonly algorithms: readonly string[]
  readonly record?: IssuerRecord
}

/** Users by the tokens of one issuer. */
export class IssuerAuthenticator {
  readonly url: string
  readonly #issuer: CompiledIssuer
  readonly #options: IssuersOptions
  readonly #provider: Provider
  readonly #distributed: DistributedClaim | undefined

  /** @param signal aborts when tokens of the issuer are no longer taken. */
  constructor(issuer: CompiledIssuer, options: IssuersOptions, signal: AbortSignal) {
    const { clock, logger, dial, verifySignature, algorithms, record } = options
    const { url = '', discoveryURL = '', certificateAuthority = '', audiences = [] } = issuer.jwt.issuer ?? {}
    const authorities = certificateAuthority === '' ? {} : { authorities: certificateAuthority }
    const fetch = fetcher({ clock, dial, signal, ...authorities })
    const common = { clock, logger, fetch, verifySignature, audiences, algorithms, signal }
    this.url = url
    this.#issuer = issuer
    this.#options = options
    this.#provider = new Provider({
      ...common,
      issuer: url,
      ...(discoveryURL === '' ? {} : { discoveryURL }),
      ...(record ? { keysFetched: (document) => record.keysFetched(url, document) } : {}),
    })
    const { claim = '' } = issuer.jwt.claimMappings?.groups ?? {}
    if (claim !== '')
      this.#distributed = new DistributedClaim(claim, fetch, (other) => new Provider({ ...common, issuer: other }))
  }

  /** Why its tokens can't be verified yet. */
  get problem(): string | undefined {
    const { problem } = this.#provider
    return problem === undefined
      ? undefined
      : `oidc: authenticator for issuer ${quote(this.url)} is not healthy: ${problem}`
  }

  authenticate(token: string): Authentication | Promise<Authentication> {
    const { clock, record } = this.#options
    const begun = clock.monotonic()
    const settled = (answer: Authentication): Authentication => {
      record?.authenticated(this.url, answer !== undefined && 'user' in answer, clock.monotonic() - begun)
      return answer
    }
    const failed = (error: unknown): Authentication => settled({ error: messageOf(error) })
    try {
      const answer = this.#userOf(token)
      return answer instanceof Promise ? answer.then(settled, failed) : settled(answer)
    } catch (error) {
      return failed(error)
    }
  }

  #userOf(token: string): Authentication | Promise<Authentication> {
    if (!this.#provider.ready) throw new Error('oidc: authenticator not initialized')
    const claims = this.#verified(token)
    return claims instanceof Promise ? claims.then((verified) => this.#expanded(verified)) : this.#expanded(claims)
  }

  #verified(token: string): TokenClaims | Promise<TokenClaims> {
    const failed = (cause: unknown): never => {
      throw new Error(`oidc: verify token: ${(cause as Error).message}`, { cause })
    }
    try {
      const claims = this.#provider.verify(token)
      return claims instanceof Promise ? claims.catch(failed) : claims
    } catch (error) {
      return failed(error)
    }
  }

  #expanded(claims: TokenClaims): Authentication | Promise<Authentication> {
    const { jwt, expressions } = this.#issuer
    const mapped = (all: TokenClaims): Authentication => ({ user: userOfClaims(jwt, expressions, all) })
    const failed = (cause: unknown): never => {
      throw new Error(`oidc: could not expand distributed claims: ${(cause as Error).message}`, { cause })
    }
    if (!this.#distributed) return mapped(claims)
    let expanded: TokenClaims | Promise<TokenClaims>
    try {
      expanded = this.#distributed.expand(claims)
    } catch (error) {
      return failed(error)
    }
    return expanded instanceof Promise ? expanded.catch(failed).then(mapped) : mapped(expanded)
  }
}

/** Users by the tokens of several issuers: the one that a token names decides. */
export class IssuerSet implements TokenAuthenticator {
  readonly #issuers: ReadonlyMap<string, IssuerAuthenticator>
  readonly #controller = new AbortController()

  constructor(issuers: readonly CompiledIssuer[], options: IssuersOptions) {
    const { signal } = this.#controller
    const all = issuers.map((issuer) => new IssuerAuthenticator(issuer, options, signal))
    this.#issuers = new Map(all.map((issuer) => [issuer.url, issuer]))
  }

  get urls(): readonly string[] {
    return [...this.#issuers.keys()]
  }

  /** Why tokens of some can't be verified yet. */
  get problem(): string | undefined {
    const problems = [...this.#issuers.values()].flatMap(({ problem }) => problem ?? [])
    return problems.length === 0 ? undefined : aggregate(problems)
  }

  authenticate(token: string): Authentication | Promise<Authentication> {
    if (this.#issuers.size === 0) return undefined
    const issuer = untrustedIssuer(token)
    return issuer === undefined ? undefined : this.#issuers.get(issuer)?.authenticate(token)
  }

  /** Nobody is asked any more. */
  stop(): void {
    this.#controller.abort()
  }
}
