import type { Services } from '../../../services.ts'
import type { AdmissionPlugin } from '../../admission.ts'
import { callHook, settleFailure } from './call.ts'
import { validatingHooks } from './hook.ts'
import { endpointFor, isExempt } from './match.ts'

/** Asks validating webhooks, all at once; the first of them that refuses, in their order, is heard. */
export function validatingAdmissionWebhook(services: Services): Omit<AdmissionPlugin, 'name'> {
  const hooks = validatingHooks(services)
  return {
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    validate(attributes) {
      const all = hooks()
      if (all.length === 0 || isExempt(attributes)) return
      const asked = all.flatMap(({ webhook, configuration }, index) => {
        const endpoint = endpointFor(webhook, attributes, services)
        return endpoint ? [{ webhook, configuration, endpoint, index }] : []
      })
      if (asked.length === 0) return
      return askAll()

      async function askAll(): Promise<void> {
        const began = services.clock.monotonic()
        const answers = await Promise.allSettled(
          asked.map(async ({ webhook, configuration, endpoint }, index) => {
            try {
              await callHook({ webhook, configuration }, endpoint, attributes, services, false)
            } catch (error) {
              settleFailure(error, webhook, services)
              const key = `failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`
              attributes.context.notes.annotate(key, webhook.name)
            }
          }),
        )
        attributes.context.notes.othersMs += services.clock.monotonic() - began
        const refused = answers.find((answer) => answer.status === 'rejected')
        if (refused) throw refused.reason
      }
    },
  }
}
