import type { SelfSubjectReview, TokenReview, TokenReviewStatus, UserInfo } from '#api/authentication/v1'
import type { ApiRequest, UserInfo as User } from '#client'
import { badRequest, internalError } from '#machinery'
import { intersect } from '../../authn/audiences.ts'
import { noNotes } from '../../authn/authenticator.ts'
import type { AuthenticationServices } from '../../authn/services.ts'
import { timestamp } from '../../registry/metadata.ts'
import { answers } from '../../resource/registration.ts'
import type { ResourceRegistration } from '../../resource/registration.ts'

const place = 'authentication/v1'

export const authenticationRegistrations: readonly ResourceRegistration[] = [
  {
    place,
    plural: 'selfsubjectreviews',
    create: answers<SelfSubjectReview>(async ({ kind, apiVersion }, _, { user, clock }) => ({
      ...(kind && apiVersion ? { kind, apiVersion } : {}),
      metadata: { creationTimestamp: timestamp(clock.now()) },
      status: { userInfo: shownUser(user) },
    })),
  },
  {
    place,
    plural: 'tokenreviews',
    create: answers<TokenReview>(async (review, _, { services, request }) => {
      if (!review.spec.token) throw badRequest('token is required for TokenReview in authentication')
      const { user = {}, audiences, error } = review.status ?? {}
      // What the review does not come to stays as it was sent.
      const sent = { user, ...(audiences?.length ? { audiences } : {}), ...(error ? { error } : {}) }
      const status = await reviewToken(services.authentication, review.spec, request.signal)
      return { ...review, status: { ...sent, ...status } }
    }),
  },
]

function shownUser({ name, uid, groups, extra }: User): UserInfo {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups, ...(extra ? { extra } : {}) }
}

async function reviewToken(
  { authenticator, audiences: own }: AuthenticationServices,
  { token, audiences: asked = [] }: TokenReview['spec'],
  signal: AbortSignal,
): Promise<TokenReviewStatus> {
  // A request that carries nothing but the token.
  const request: ApiRequest = {
    method: 'GET',
    path: '',
    query: '',
    headers: { authorization: `Bearer ${token}` },
    signal,
  }
  const audiences = asked.length === 0 ? own : asked
  const answer = await authenticator.authenticate(request, noNotes, audiences)
  if (!answer) return {}
  if ('error' in answer) return { error: answer.error }
  const granted = answer.audiences ?? []
  if (audiences.length > 0 && intersect(audiences, granted).length === 0)
    throw internalError('error validating audiences')
  return {
    authenticated: true,
    user: shownUser(answer.user),
    ...(granted.length === 0 ? {} : { audiences: granted }),
  }
}
