import type { Clock, Logger } from '#base'
import type { Secret } from '#api/core/v1'
import { secrets } from '#api/core/v1'
import type { Client } from '#client'
import { quote } from '#machinery'
import type { ServiceAccountMetrics } from '../../metrics/service-accounts.ts'
import { timestamp } from '../../registry/metadata.ts'
import type { Authentication, Notes, TokenAuthenticator } from '../authenticator.ts'
import { intersect } from '../audiences.ts'
import { base64UrlBytes } from '../token/base64url.ts'
import type { TokenClaims, TokenVerifier } from '../token/signing.ts'
import { validateBound } from './bound.ts'
import { legacyIssuer, standardClaims } from './claims.ts'
import { lastUsedLabel, validateLegacy } from './legacy.ts'
import type { TokenObjects } from './objects.ts'
import { accountUser } from './username.ts'

export interface ServiceAccountTokenOptions {
  readonly clock: Clock
  readonly verifier: TokenVerifier
  /** Issuers whose tokens are taken; the first is who issues. */
  readonly issuers: readonly string[]
  /** Audiences of the API server: those of tokens that name none, and those asked for when none are. */
  readonly audiences: readonly string[]
  readonly objects: TokenObjects
  /** A token that is kept in this secret was used. */
  readonly used: (secret: Secret) => void
  /** Counts which tokens are used. */
  readonly metrics?: ServiceAccountMetrics
}

/** Service accounts by their tokens: those of TokenRequest, and those that are kept in secrets. */
export function serviceAccountAuthenticator(options: ServiceAccountTokenOptions): TokenAuthenticator {
  const { clock, verifier, objects, used, metrics } = options
  return {
    authenticate(token, wanted, notes) {
      const issuer = unverifiedIssuer(token)
      const legacy = issuer === legacyIssuer
      if (!legacy && (issuer === '' || !options.issuers.includes(issuer))) return undefined
      const verification = verifier.verify(token)
      if (!verification || 'error' in verification) return verification
      const { claims } = verification
      const audiences = audiencesOf(claims, wanted, options, notes)
      if ('error' in audiences) return audiences
      const verdict = legacy
        ? validateLegacy(token, claims, { objects, notes, used, ...(metrics ? { metrics } : {}) })
        : validateBound(claims, objects, clock.now(), notes, metrics)
      if ('error' in verdict) return verdict
      return { user: accountUser(verdict.identity), audiences: audiences.granted }
    },
  }
}

function audiencesOf(
  claims: TokenClaims,
  wanted: readonly string[] | undefined,
  { audiences: own, metrics }: ServiceAccountTokenOptions,
  notes: Notes,
): { readonly granted: readonly string[] } | (Authentication & { readonly error: string }) {
  const { audiences: claimed, subject } = standardClaims(claims)
  if (claimed.length === 0) {
    notes.annotate('authentication.k8s.io/legacy-token', subject)
    metrics?.used('legacy_tokens_total')
  }
  const tokens = claimed.length === 0 ? own : claimed
  const targets = wanted ?? own
  const granted = intersect(tokens, targets)
  if (granted.length > 0 || own.length === 0) return { granted }
  const list = (texts: readonly string[]): string => `[${texts.map(quote).join(' ')}]`
  return { error: `token audiences ${list(tokens)} is invalid for the target audiences ${list(targets)}` }
}

/** Who claims to have issued a token. Nothing in it can be trusted yet. */
function unverifiedIssuer(token: string): string {
  const [, payload, signature, ...rest] = token.split('.')
  if (payload === undefined || signature === undefined || rest.length > 0 || !/^[\w-]+$/.test(payload)) return ''
  try {
    const text = new TextDecoder().decode(base64UrlBytes(payload))
    return standardClaims(JSON.parse(text) as TokenClaims).issuer
  } catch {
    return ''
  }
}

/**
 * Notes the day on which a token of a secret was last used, on the secret. A note that was made today or, by a server
 * whose clock is ahead, for tomorrow, is good enough.
 */
export function lastUseTracker(clock: Clock, logger: Logger, client: () => Client): (secret: Secret) => void {
  const pending = new Set<string>()
  return (secret) => {
    const { name = '', namespace = '', uid = '', labels } = secret.metadata
    const day = (ahead: number): string => timestamp(clock.now() + ahead * 86_400_000).slice(0, 10)
    const today = day(0)
    const lastUsed = labels?.[lastUsedLabel]
    if (lastUsed === today || lastUsed === day(1) || pending.has(uid)) return
    pending.add(uid)
    const patch = { metadata: { uid, labels: { [lastUsedLabel]: today } } }
    client()
      .patch(secrets, { namespace, name }, { type: 'merge', patch })
      .catch((error: unknown) =>
        logger.error('Use of a service account token was not noted', { secret: name, namespace, error }),
      )
      .finally(() => pending.delete(uid))
  }
}
