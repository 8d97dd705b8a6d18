import { messageOf } from '#base'
import type { AdmissionReview } from '#api/admission/v1'
import type { MutatingWebhook, ValidatingWebhook } from '#api/admissionregistration/v1'
import { badRequest, internalError, quote, StatusError } from '#machinery'
import type { Status } from '#machinery'
import { newUid } from '../../../registry/metadata.ts'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'
import { postReview } from '../../../webhook/post.ts'
import { webhookTarget } from '../../../webhook/target.ts'
import type { AdmissionAttributes } from '../../admission.ts'
import { refused } from '../../refusal.ts'
import { Rights } from '../../rights.ts'
import { matchConditions } from './conditions.ts'
import { answerOf, reviewOf, versioned } from './review.ts'
import type { HookAnswer } from './review.ts'

/** A webhook could not be asked, or did not answer as one. Its failure policy says what that means. */
class HookCallError extends Error {
  override readonly name = 'HookCallError'

  constructor(webhook: string, why: string, cause?: unknown) {
    super(`failed calling webhook ${quote(webhook)}: ${why}`, cause === undefined ? {} : { cause })
  }
}

const standardSeconds = 10

/**
 * Asks one webhook; `undefined` when its match conditions say that it need not be.
 * @throws StatusError when it refuses, or can't be asked for a dry run; HookCallError
 */
export async function callHook(
  webhook: ValidatingWebhook | MutatingWebhook,
  endpoint: Endpoint,
  attributes: AdmissionAttributes,
  services: Services,
  mutating: boolean,
): Promise<HookAnswer | undefined> {
  const { name, sideEffects, timeoutSeconds = standardSeconds } = webhook
  const uid = newUid(services.clock)
  const objects = await versioned(attributes, endpoint)
  const review = verified(name, () => reviewOf(webhook.admissionReviewVersions, uid, endpoint, objects, attributes))
  const matched = await matchConditions(webhook, review, new Rights(services.authorizer, attributes))
  if ('error' in matched) throw refused(attributes, matched.error)
  if (!matched.matches) return undefined
  if (attributes.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
    throw badRequest(`admission webhook ${quote(name)} does not support dry run`)
  const answer = await ask(webhook, timeoutSeconds, async (post) => {
    const answered = await post(review)
    return verified(name, () => answerOf(answered, review, uid, mutating))
  })
  for (const [key, value] of Object.entries(answer.annotations))
    attributes.context.notes.annotate(`${name}/${key}`, value)
  for (const warning of answer.warnings) attributes.context.warnings.add(warning)
  if (!answer.allowed) throw denial(name, answer.status)
  return answer

  async function ask<T>(
    { clientConfig }: ValidatingWebhook | MutatingWebhook,
    seconds: number,
    exchange: (post: (review: AdmissionReview) => Promise<AdmissionReview>) => Promise<T>,
  ): Promise<T> {
    const { clock, webhooks } = services
    try {
      const target = webhookTarget(clientConfig, `timeout=${seconds}s`, services)
      return await exchange(async (review) =>
        postReview<AdmissionReview>(
          { clock, transport: webhooks(target), url: target.url, timeoutMs: seconds * 1000, attempts: 1 },
          review,
          attributes.context.request.signal,
        ),
      )
    } catch (error) {
      if (error instanceof HookCallError) throw error
      throw new HookCallError(name, `failed to call webhook: ${messageOf(error)}`, error)
    }
  }
}

function verified<T>(webhook: string, check: () => T): T {
  try {
    return check()
  } catch (error) {
    const why = messageOf(error)
    throw new HookCallError(webhook, `received invalid webhook response: ${why}`, error)
  }
}

/** What a refusal becomes for the one who asked. */
function denial(webhook: string, status: Status | undefined): StatusError {
  const denied = `admission webhook ${quote(webhook)} denied the request`
  const why = status?.message || status?.reason
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    ...status,
    status: 'Failure',
    message: why ? `${denied}: ${why}` : `${denied} without explanation`,
    code: Math.max(status?.code ?? 0, 400),
  })
}

/** What is left of a failure where webhooks may fail: nothing. Else the request fails. */
export function settleFailure(
  error: unknown,
  { name, failurePolicy }: ValidatingWebhook | MutatingWebhook,
  { logger }: Services,
): void {
  if (!(error instanceof HookCallError)) throw error
  if (failurePolicy !== 'Ignore') throw internalError(error.message, error)
  logger.warn('Webhook could not be asked and is passed over', { webhook: name, error })
}
