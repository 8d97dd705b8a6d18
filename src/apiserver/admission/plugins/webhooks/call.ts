import { messageOf, tracedPart } from '#base'
import type { SpanOptions } from '#base'
import type { AdmissionReview } from '#api/admission/v1'
import type { MutatingWebhook, ValidatingWebhook } from '#api/admissionregistration/v1'
import { badRequest, internalError, quote, StatusError, statusOf } from '#machinery'
import type { Status } from '#machinery'
import type { WebhookType } from '../../../metrics/webhooks.ts'
import { newUid } from '../../../registry/metadata.ts'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'
import { postReview } from '../../../webhook/post.ts'
import { webhookTarget } from '../../../webhook/target.ts'
import type { AdmissionAttributes } from '../../admission.ts'
import { refused } from '../../refusal.ts'
import { Rights } from '../../rights.ts'
import { matchConditions } from './conditions.ts'
import type { Hook } from './hook.ts'
import { answerOf, reviewOf, versioned } from './review.ts'
import type { HookAnswer } from './review.ts'

/** A webhook could not be asked, or did not answer as one. Its failure policy says what that means. */
class HookCallError extends Error {
  override readonly name = 'HookCallError'
  /** Of the answer, where it was one of HTTP. */
  readonly code: number

  constructor(webhook: string, why: string, cause?: unknown) {
    super(`failed calling webhook ${quote(webhook)}: ${why}`, cause === undefined ? {} : { cause })
    this.code = statusOf(cause)?.code ?? unavailable
  }
}

const standardSeconds = 10
const unavailable = 503

/**
 * Asks one webhook; `undefined` when its match conditions say that it need not be.
 * @throws StatusError when it refuses, or can't be asked for a dry run; HookCallError
 */
export async function callHook(
  { webhook, configuration }: Pick<Hook<ValidatingWebhook | MutatingWebhook>, 'webhook' | 'configuration'>,
  endpoint: Endpoint,
  attributes: AdmissionAttributes,
  services: Services,
  mutating: boolean,
): Promise<HookAnswer | undefined> {
  const { name, sideEffects, timeoutSeconds = standardSeconds } = webhook
  const uid = newUid(services.clock)
  const objects = await versioned(attributes, endpoint)
  const review = verified(name, () => reviewOf(webhook.admissionReviewVersions, uid, endpoint, objects, attributes))
  const { clock, metrics } = services
  const { operation } = attributes
  const began = clock.monotonic()
  const matched = await matchConditions(webhook, review, new Rights(services.authorizer, attributes))
  if (webhook.matchConditions?.length) {
    const conditioned = { kind: 'webhook', name, operation, type: typeOf(mutating) } as const
    metrics.conditions.evaluated(conditioned, clock.monotonic() - began, matched.failed)
  }
  if ('error' in matched) throw refused(attributes, matched.error)
  if (!matched.matches) {
    metrics.conditions.excluded(name, operation, mutating ? 'admit' : 'validate')
    return undefined
  }
  return observed(webhook, attributes, services, mutating, async () => {
    if (attributes.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
      throw badRequest(`admission webhook ${quote(name)} does not support dry run`)
    const called = (): Promise<HookAnswer> =>
      ask(webhook, timeoutSeconds, async (post) => {
        const answered = await post(review)
        services.tracer?.active()?.event('Request completed')
        return verified(name, () => answerOf(answered, review, uid, mutating))
      })
    const answer = await tracedPart(
      services.tracer,
      () => spanOf(configuration, name, uid, attributes, mutating),
      called,
    )
    note(answer)
    return answer
  })

  /** @throws Denial when the webhook refuses */
  function note({ annotations, warnings, allowed, status }: HookAnswer): void {
    const { context } = attributes
    for (const [key, value] of Object.entries(annotations)) context.notes.annotate(`${name}/${key}`, value)
    for (const warning of warnings) context.warnings.add(warning)
    if (!allowed) throw new Denial(denial(name, status))
  }

  async function ask<T>(
    { clientConfig }: ValidatingWebhook | MutatingWebhook,
    seconds: number,
    exchange: (post: (review: AdmissionReview) => Promise<AdmissionReview>) => Promise<T>,
  ): Promise<T> {
    const { webhooks } = services
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

/** What is told of the call of a webhook. */
function spanOf(
  configuration: string,
  webhook: string,
  uid: string,
  { endpoint, subresource, operation }: AdmissionAttributes,
  mutating: boolean,
): SpanOptions {
  const { group, version, plural } = endpoint
  return {
    name: `Call ${mutating ? 'mutating' : 'validating'} webhook`,
    attributes: {
      configuration,
      webhook,
      resource: `${group}/${version}, Resource=${plural}`,
      subresource,
      operation,
      UID: uid,
    },
  }
}

const typeOf = (mutating: boolean): WebhookType => (mutating ? 'admit' : 'validating')

/** A webhook has refused the request. */
class Denial extends Error {
  readonly refusal: StatusError

  constructor(refusal: StatusError) {
    super(refusal.message, { cause: refusal })
    this.refusal = refusal
  }
}

/** Counts and times the call of a webhook, which is no time of ours. */
async function observed(
  { name, failurePolicy }: ValidatingWebhook | MutatingWebhook,
  { operation, context }: AdmissionAttributes,
  { clock, metrics: { webhooks } }: Services,
  mutating: boolean,
  call: () => Promise<HookAnswer>,
): Promise<HookAnswer> {
  const began = clock.monotonic()
  const told = { name, type: typeOf(mutating), operation }
  const asked = (code: number, rejected: boolean): void => {
    const milliseconds = clock.monotonic() - began
    // Validating webhooks are asked at the same time: who asks them all takes their time.
    if (mutating) context.notes.othersMs += milliseconds
    webhooks.asked(told, { code, rejected, milliseconds })
  }
  try {
    const answer = await call()
    asked(accepted, false)
    return answer
  } catch (error) {
    if (error instanceof Denial) {
      const { code = 0 } = error.refusal.status
      asked(code, true)
      webhooks.rejected(told, 'no_error', code)
      throw error.refusal
    }
    if (error instanceof HookCallError) {
      const rejected = failurePolicy !== 'Ignore'
      asked(error.code, rejected)
      if (rejected) webhooks.rejected(told, 'calling_webhook_error', error.code)
      else webhooks.failedOpen(told)
    } else {
      asked(0, true)
      webhooks.rejected(told, 'apiserver_internal_error', 0)
    }
    throw error
  }
}

const accepted = 200

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
