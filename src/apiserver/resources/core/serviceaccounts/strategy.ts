import type { Draft } from '#api'
import type { ServiceAccount } from '#api/core/v1'
import { nameIsDNSSubdomain, Path } from '#machinery'
import type { FieldError } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'
import type { Strategy } from '../../../resource/strategy.ts'

/** References of secrets to mount say a name and nothing else. */
function cleanSecrets(draft: Draft<ServiceAccount>): void {
  if (draft.secrets) draft.secrets = draft.secrets.map(({ name }) => (name === undefined ? {} : { name }))
}

export const serviceAccountStrategy: Strategy = strategy<ServiceAccount>({
  returnsDeletedObject: true,
  prepareForCreate: cleanSecrets,
  prepareForUpdate: cleanSecrets,
  validate,
  validateUpdate: (account, old) => [
    ...validateObjectMetaUpdate(account.metadata, old.metadata, Path.of('metadata')),
    ...validate(account),
  ],
  warningsOnCreate: (account) => warnings(account, undefined),
  warningsOnUpdate: (account, old) => warnings(account, old),
})

function validate({ metadata }: ServiceAccount): readonly FieldError[] {
  return validateObjectMeta(metadata, { namespaced: true, name: nameIsDNSSubdomain }, Path.of('metadata'))
}

const mountableSecrets = 'kubernetes.io/enforce-mountable-secrets'

/** Whoever sets an annotation that is on its way out hears of it, once. */
function warnings(account: ServiceAccount, old: ServiceAccount | undefined): readonly string[] {
  const isSet = (one: ServiceAccount | undefined): boolean =>
    one?.metadata.annotations?.[mountableSecrets] !== undefined
  if (isSet(old) || !isSet(account)) return []
  return [
    `metadata.annotations[${mountableSecrets}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  ]
}
