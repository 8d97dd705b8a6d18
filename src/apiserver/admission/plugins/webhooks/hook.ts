import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '#api/admissionregistration/v1'
import { followed } from '../../../registry/followed.ts'
import type { Services } from '../../../services.ts'

/** A webhook, and the configuration that it stands in. */
export interface Hook<T extends ValidatingWebhook | MutatingWebhook> {
  readonly configuration: string
  /** The same for as long as it is the same webhook. */
  readonly key: string
  readonly webhook: T
}

const group = 'admissionregistration.k8s.io'

/** All mutating webhooks there are, in the order in which they are asked. */
export function mutatingHooks(services: Services): () => readonly Hook<MutatingWebhook>[] {
  return hooksOf<MutatingWebhook, MutatingWebhookConfiguration>(services, 'mutatingwebhookconfigurations')
}

/** All validating webhooks there are. */
export function validatingHooks(services: Services): () => readonly Hook<ValidatingWebhook>[] {
  return hooksOf<ValidatingWebhook, ValidatingWebhookConfiguration>(services, 'validatingwebhookconfigurations')
}

interface Configuration<T> {
  readonly metadata: MutatingWebhookConfiguration['metadata']
  readonly webhooks?: readonly T[]
}

function hooksOf<T extends ValidatingWebhook | MutatingWebhook, C extends Configuration<T>>(
  services: Services,
  plural: string,
): () => readonly Hook<T>[] {
  const configurations = followed<C>(services, group, plural)
  let version = -1
  let hooks: readonly Hook<T>[] = []
  return () => {
    if (configurations.version !== version) {
      version = configurations.version
      hooks = [...configurations.all('')].sort(byName).flatMap(({ metadata, webhooks = [] }) => {
        const { name: configuration = '' } = metadata
        return webhooks.map((webhook, index) => ({
          configuration,
          key: `${configuration}/${webhook.name}/${index}`,
          webhook,
        }))
      })
    }
    return hooks
  }
}

const byName = (a: Configuration<unknown>, b: Configuration<unknown>): number =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
