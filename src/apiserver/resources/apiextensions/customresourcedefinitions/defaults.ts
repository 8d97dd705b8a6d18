import type { Draft } from '#api'
import type { CustomResourceDefinition } from '#api/apiextensions/v1'

/** Names and conversion that the definition leaves unsaid, and the versions its objects are stored in. */
export function applyDefinitionDefaults(draft: Draft<CustomResourceDefinition>): void {
  const { spec } = draft
  const { names } = spec
  if (!names.singular) names.singular = names.kind.toLowerCase()
  if (!names.listKind && names.kind !== '') names.listKind = `${names.kind}List`
  spec.conversion ??= { strategy: 'None' }
  const webhook = spec.conversion.webhook
  // A webhook that says nothing is none.
  if (webhook && !webhook.clientConfig && !webhook.conversionReviewVersions?.length) delete spec.conversion.webhook
  const service = spec.conversion.webhook?.clientConfig?.service
  if (service) service.port ??= 443
  const status = draft.status ?? {}
  if ((status.storedVersions ?? []).length > 0) return
  const storage = spec.versions?.find((version) => version.storage)
  if (storage) draft.status = { ...status, storedVersions: [storage.name] }
}
