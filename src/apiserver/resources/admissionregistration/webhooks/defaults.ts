import type { Draft } from '#api'
import type {
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '#api/admissionregistration/v1'
import { defaultRules } from '../rules.ts'

const timeoutSeconds = 10
const httpsPort = 443

export function defaultValidatingWebhooks({ webhooks }: Draft<ValidatingWebhookConfiguration>): void {
  for (const webhook of webhooks ?? []) defaultWebhook(webhook)
}

export function defaultMutatingWebhooks({ webhooks }: Draft<MutatingWebhookConfiguration>): void {
  for (const webhook of webhooks ?? []) {
    defaultWebhook(webhook)
    webhook.reinvocationPolicy ??= 'Never'
  }
}

/** Everything of every version is sent, and what can't be asked is refused. */
function defaultWebhook(webhook: Draft<ValidatingWebhook>): void {
  webhook.failurePolicy ??= 'Fail'
  webhook.matchPolicy ??= 'Equivalent'
  webhook.namespaceSelector ??= {}
  webhook.objectSelector ??= {}
  webhook.timeoutSeconds ??= timeoutSeconds
  if (webhook.clientConfig.service) webhook.clientConfig.service.port ??= httpsPort
  defaultRules(webhook.rules)
}
