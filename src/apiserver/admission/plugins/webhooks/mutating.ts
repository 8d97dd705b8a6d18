import type { Draft } from '#api'
import { deepEqual, messageOf } from '#base'
import { internalError, patchJson, quote, readPatched } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { replaceDraft, settled, typeAt } from '../../changed-object.ts'
import { RoundsByRequest } from '../../rounds.ts'
import type { Rounds } from '../../rounds.ts'
import { callHook, settleFailure } from './call.ts'
import { mutatingHooks } from './hook.ts'
import type { Hook } from './hook.ts'
import type { MutatingWebhook } from '#api/admissionregistration/v1'
import { endpointFor, isExempt } from './match.ts'
import { versioned } from './review.ts'

/** Asks mutating webhooks one after the other; each sees what the ones before it made of the object. */
export function mutatingAdmissionWebhook(services: Services): Omit<AdmissionPlugin, 'name'> {
  const hooks = mutatingHooks(services)
  const requests = new RoundsByRequest()
  return {
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    admit(attributes) {
      const all = hooks()
      if (all.length === 0 || isExempt(attributes)) return
      return askInTurn(all, attributes)
    },
    wantsAnotherRound: (attributes) => requests.wantsAnother(attributes),
  }

  async function askInTurn(all: readonly Hook<MutatingWebhook>[], attributes: AdmissionAttributes): Promise<void> {
    const rounds = requests.of(attributes)
    rounds.begin(attributes.object)
    for (const [index, hook] of all.entries()) {
      const endpoint = endpointFor(hook.webhook, attributes, services)
      if (!endpoint || !rounds.isDue(hook.key)) continue
      await askOne(hook, endpoint, index, attributes, rounds)
      if (hook.webhook.reinvocationPolicy === 'IfNeeded') rounds.mayRepeat(hook.key)
    }
    rounds.end(attributes.object)
  }

  async function askOne(
    { webhook, configuration }: Hook<MutatingWebhook>,
    endpoint: Endpoint,
    index: number,
    attributes: AdmissionAttributes,
    rounds: Rounds,
  ): Promise<void> {
    const place = `round_${rounds.round}_index_${index}`
    const { notes } = attributes.context
    let mutated = false
    try {
      const answer = await callHook({ webhook, configuration }, endpoint, attributes, services, true)
      if (!answer) return
      const { patch } = answer
      if (patch) mutated = await applyPatch(patch, webhook.name, endpoint, attributes)
    } catch (error) {
      settleFailure(error, webhook, services)
      notes.annotate(`failed-open.mutation.webhook.admission.k8s.io/${place}`, webhook.name)
    }
    const annotation = JSON.stringify({ configuration, webhook: webhook.name, mutated })
    notes.annotate(`mutation.webhook.admission.k8s.io/${place}`, annotation)
    if (mutated) rounds.changedBy()
  }
}

/** Applies the patch of a webhook to the draft. Answers whether anything is different. */
async function applyPatch(
  patch: Uint8Array,
  webhook: string,
  endpoint: Endpoint,
  attributes: AdmissionAttributes,
): Promise<boolean> {
  const { object: draft } = attributes
  const { object } = await versioned(attributes, endpoint)
  if (!draft || !object)
    throw internalError(
      `admission webhook ${quote(webhook)} attempted to modify the object, which is not supported for this operation`,
    )
  const next = await patched(object, patch, endpoint, attributes)
  if (deepEqual(next, draft)) return false
  replaceDraft(draft, next)
  return true
}

async function patched(
  object: KubeObject,
  patch: Uint8Array,
  endpoint: Endpoint,
  attributes: AdmissionAttributes,
): Promise<Draft<KubeObject>> {
  try {
    const next = readPatched(patchJson(object, patch, 'Ignore'), typeAt(endpoint, attributes))
    return await settled(next.object, endpoint, attributes)
  } catch (error) {
    throw internalError(messageOf(error), error)
  }
}
