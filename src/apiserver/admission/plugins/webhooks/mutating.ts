import type { Draft } from '#api'
import { deepEqual } from '#base'
import { internalError, patchJson, plainJson, quote } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { callHook, settleFailure } from './call.ts'
import { mutatingHooks } from './hook.ts'
import type { Hook } from './hook.ts'
import type { MutatingWebhook } from '#api/admissionregistration/v1'
import { endpointFor, isExempt } from './match.ts'
import { versioned } from './review.ts'

/** What is known of one request between two rounds of the chain. */
interface Rounds {
  round: number
  /** Webhooks that want to be asked again when others changed the object after them. */
  readonly reinvocable: Set<string>
  /** Those of them that have to be. */
  readonly again: Set<string>
  /** Something changed that other plugins may want to see. */
  changed: boolean
  /** The object as the last webhook left it. */
  left: string | undefined
}

/** Asks mutating webhooks one after the other; each sees what the ones before it made of the object. */
export function mutatingAdmissionWebhook(services: Services): Omit<AdmissionPlugin, 'name'> {
  const hooks = mutatingHooks(services)
  const rounds = new WeakMap<AdmissionAttributes, Rounds>()
  return {
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    admit(attributes) {
      const all = hooks()
      if (all.length === 0 || isExempt(attributes)) return
      return askInTurn(all, attributes)
    },
    wantsAnotherRound: (attributes) => rounds.get(attributes)?.changed === true,
  }

  async function askInTurn(all: readonly Hook<MutatingWebhook>[], attributes: AdmissionAttributes): Promise<void> {
    const state = rounds.get(attributes) ?? {
      round: -1,
      reinvocable: new Set<string>(),
      again: new Set<string>(),
      changed: false,
      left: undefined,
    }
    rounds.set(attributes, state)
    state.round++
    state.changed = false
    if (state.round > 0 && state.left !== plainJson(attributes.object)) requireAgain(state)
    for (const [index, hook] of all.entries()) {
      const endpoint = endpointFor(hook.webhook, attributes, services)
      if (!endpoint || (state.round > 0 && !state.again.has(hook.key))) continue
      await askOne(hook, endpoint, index, attributes, state)
      if (hook.webhook.reinvocationPolicy === 'IfNeeded') state.reinvocable.add(hook.key)
    }
    state.left = plainJson(attributes.object)
  }

  async function askOne(
    { webhook, configuration }: Hook<MutatingWebhook>,
    endpoint: Endpoint,
    index: number,
    attributes: AdmissionAttributes,
    state: Rounds,
  ): Promise<void> {
    const place = `round_${state.round}_index_${index}`
    const { notes } = attributes.context
    let mutated = false
    try {
      const answer = await callHook(webhook, endpoint, attributes, services, true)
      if (!answer) return
      const { patch } = answer
      if (patch) mutated = await applyPatch(patch, webhook.name, endpoint, attributes)
    } catch (error) {
      settleFailure(error, webhook, services)
      notes.annotate(`failed-open.mutation.webhook.admission.k8s.io/${place}`, webhook.name)
    }
    const annotation = JSON.stringify({ configuration, webhook: webhook.name, mutated })
    notes.annotate(`mutation.webhook.admission.k8s.io/${place}`, annotation)
    if (!mutated) return
    requireAgain(state)
    state.changed = true
  }
}

/** Webhooks that were asked have not seen what changed since. */
function requireAgain(state: Rounds): void {
  for (const key of state.reinvocable) state.again.add(key)
  state.reinvocable.clear()
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
  for (const key of Object.keys(draft)) delete (draft as { [key: string]: unknown })[key]
  Object.assign(draft, next)
  return true
}

async function patched(
  object: KubeObject,
  patch: Uint8Array,
  endpoint: Endpoint,
  { subresource }: AdmissionAttributes,
): Promise<Draft<KubeObject>> {
  const of = endpoint.subresources.get(subresource)
  const type = of?.backing === 'create' ? of.type : endpoint.type
  try {
    const { value } = patchJson(object, patch, 'Ignore')
    const draft = type.applyDefaults(type.normalize(value).object)
    const { backing } = endpoint
    if (backing.kind !== 'stored' || (of !== undefined && of.backing !== 'update')) return draft
    if (backing.prepare) await backing.prepare([draft], 'storage')
    return backing.toStorage(draft)
  } catch (error) {
    throw internalError(error instanceof Error ? error.message : String(error), error)
  }
}
