import { messageOf } from '#base'
import type { TokenReview } from '#api/authentication/v1'
import { postReview } from '../../webhook/post.ts'
import type { ReviewEndpoint } from '../../webhook/post.ts'
import { intersect } from '../audiences.ts'
import type { Authentication, TokenAuthenticator } from '../authenticator.ts'
import { cachedTokenAuthenticator } from './cache.ts'

export interface WebhookTokenOptions extends ReviewEndpoint {
  /** Version of TokenReview that the webhook speaks; v1beta1 when absent, as upstream has it. */
  readonly version?: 'v1' | 'v1beta1'
  /** Audiences of the API server, for which a webhook answers that names none. */
  readonly audiences: readonly string[]
  /** How long answers are kept, in milliseconds; 120,000 when absent. Failures to answer are not kept. */
  readonly cacheMs?: number
}

/** Asks a webhook whom a token is for. */
export function webhookTokenAuthenticator(options: WebhookTokenOptions): TokenAuthenticator {
  const { clock, version = 'v1beta1', audiences: own, cacheMs = 120_000 } = options
  const asking: TokenAuthenticator = {
    async authenticate(token, wanted) {
      const targets = wanted ?? own
      const review = {
        kind: 'TokenReview',
        apiVersion: `authentication.k8s.io/${version}`,
        metadata: {},
        spec: { token, ...(targets.length === 0 ? {} : { audiences: targets }) },
      }
      let answer: TokenReview
      try {
        answer = await postReview<TokenReview>(options, review)
      } catch (error) {
        return { error: messageOf(error) }
      }
      return readAnswer(answer, targets, own)
    },
  }
  return cachedTokenAuthenticator(asking, { clock, successMs: cacheMs, failureMs: cacheMs, keepErrors: false })
}

function readAnswer({ status = {} }: TokenReview, targets: readonly string[], own: readonly string[]): Authentication {
  const named = status.audiences ?? []
  const audiences = intersect(targets, named.length > 0 ? named : own)
  if (targets.length > 0 && audiences.length === 0) return undefined
  if (!status.authenticated) return status.error ? { error: status.error } : undefined
  const { username = '', uid, groups = [], extra } = status.user ?? {}
  return {
    user: { name: username, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) },
    ...(targets.length === 0 ? {} : { audiences }),
  }
}
