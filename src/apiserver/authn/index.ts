import type { Clock } from '#base'
import type { TokenCacheMetrics } from '../metrics/token-cache.ts'
import type { Authenticator, TokenAuthenticator } from './authenticator.ts'
import { unionAuthenticator, unionTokenAuthenticator } from './authenticator.ts'
import { anonymousAuthenticator } from './request/anonymous.ts'
import { bearerAuthenticator, webSocketAuthenticator } from './request/bearer.ts'
import { certificateAuthenticator } from './request/certificate.ts'
import type { CertificateRecord } from './request/certificate.ts'
import { frontProxyAuthenticator } from './request/front-proxy.ts'
import type { FrontProxyOptions } from './request/front-proxy.ts'
import { cachedTokenAuthenticator } from './token/cache.ts'
import { asAuthenticated } from './users.ts'

export interface AuthenticationOptions {
  readonly clock: Clock
  readonly frontProxy?: Omit<FrontProxyOptions, 'clock'> | undefined
  /** Authorities whose certificates name users, by hex SHA-256 of theirs; they may change while the server runs. */
  readonly clientAuthorities?: (() => readonly string[]) | undefined
  readonly certificates?: CertificateRecord | undefined
  readonly tokenMetrics?: TokenCacheMetrics | undefined
  /** In the order in which they are asked: those that look far away last. */
  readonly tokens: readonly TokenAuthenticator[]
  /** How long answers about tokens are kept, in milliseconds. Upstream's defaults: 10 s, and not at all. */
  readonly tokenCache?: { readonly successMs: number; readonly failureMs: number }
  /** Lets in who shows no credentials; on the given paths alone, if any are given. */
  readonly anonymous?: { readonly paths: readonly string[] } | undefined
}

/** All ways in, in upstream's order: front proxy, client certificate, bearer token, WebSocket token, nothing. */
export function createAuthenticator(options: AuthenticationOptions): Authenticator {
  const { clock, frontProxy, clientAuthorities: authorities, certificates, anonymous } = options
  const tokens = cachedTokenAuthenticator(unionTokenAuthenticator(options.tokens), {
    clock,
    ...(options.tokenCache ?? { successMs: 10_000, failureMs: 0 }),
    metrics: options.tokenMetrics,
  })
  const known = unionAuthenticator([
    ...(frontProxy ? [frontProxyAuthenticator({ ...frontProxy, clock })] : []),
    ...(authorities ? [certificateAuthenticator({ clock, authorities, record: certificates })] : []),
    ...(options.tokens.length === 0 ? [] : [bearerAuthenticator(tokens), webSocketAuthenticator(tokens)]),
  ])
  const unknown = anonymous && anonymousAuthenticator(anonymous.paths)
  return {
    authenticate(request, notes, audiences) {
      const answer = known.authenticate(request, notes, audiences)
      const finish = (found: Awaited<typeof answer>): Awaited<typeof answer> => {
        if (found && 'user' in found) return { ...found, user: asAuthenticated(found.user) }
        // Bad credentials are worse than none.
        return found ?? (unknown?.authenticate(request, notes, audiences) as typeof found)
      }
      return answer instanceof Promise ? answer.then(finish) : finish(answer)
    },
  }
}
