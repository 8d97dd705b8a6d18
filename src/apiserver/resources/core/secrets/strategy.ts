import type { Draft } from '#api'
import type { Secret } from '#api/core/v1'
import { deepEqual } from '#base'
import {
  base64Size,
  encodeBase64,
  encodeText,
  fieldForbidden,
  invalidValue,
  isConfigMapKey,
  nameIsDNSSubdomain,
  Path,
  required,
  tooLong,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { maxDataSize } from '../configmaps/strategy.ts'
import { jsonObjectProblem } from './docker-config.ts'
import { keyPairProblem } from './key-pair.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const dataPath = Path.of('data')
const fixed = 'field is immutable when `immutable` is set'

/** Text is data in another spelling, which wins; a secret without a type is opaque. */
export function defaultSecret(draft: Draft<Secret>): void {
  draft.type ||= 'Opaque'
  if (draft.stringData === undefined) return
  const entries = Object.entries(draft.stringData).map(([key, text]) => [key, encodeBase64(encodeText(text))] as const)
  if (entries.length > 0) draft.data = { ...draft.data, ...Object.fromEntries(entries) }
  delete draft.stringData
}

export const secretStrategy: Strategy = strategy<Secret>({
  validate,
  validateUpdate(secret, old) {
    const errors: FieldError[] = [...validateObjectMetaUpdate(secret.metadata, old.metadata, metadata)]
    if (secret.type !== old.type) errors.push(invalidValue('type', named(secret.type), 'field is immutable'))
    if (old.immutable) {
      if (!secret.immutable) errors.push(fieldForbidden('immutable', fixed))
      if (!deepEqual(secret.data, old.data)) errors.push(fieldForbidden('data', fixed))
    }
    return [...errors, ...validate(secret)]
  },
  warningsOnCreate: warnings,
  warningsOnUpdate: warnings,
  fields: ({ type }) => ({ type: type ?? '' }),
})

function validate(secret: Secret): readonly FieldError[] {
  const { data = {} } = secret
  const errors: FieldError[] = [
    ...validateObjectMeta(secret.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
  ]
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    for (const problem of isConfigMapKey(key)) errors.push(invalidValue(dataPath.key(key), key, problem))
    size += base64Size(value)
  }
  if (size > maxDataSize) errors.push(tooLong(dataPath, maxDataSize))
  return [...errors, ...validateType(secret, data)]
}

/** What the well-known types need to hold. */
function validateType(secret: Secret, data: { readonly [key: string]: string }): readonly FieldError[] {
  const missing = (...keys: readonly string[]): readonly FieldError[] =>
    keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(dataPath.key(key)))
  const account = 'kubernetes.io/service-account.name'
  switch (secret.type) {
    case 'kubernetes.io/service-account-token':
      return secret.metadata.annotations?.[account] ? [] : [required(metadata.child('annotations').key(account))]
    case 'kubernetes.io/dockercfg':
      return validateJson(data, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson':
      return validateJson(data, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth': {
      const errors = missing('username', 'password')
      return errors.length === 2 ? errors : []
    }
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required(dataPath.key('ssh-privatekey'))]
    case 'kubernetes.io/tls':
      return missing('tls.crt', 'tls.key')
    default:
      return []
  }
}

function validateJson(data: { readonly [key: string]: string }, key: string): readonly FieldError[] {
  const path = dataPath.key(key)
  const value = data[key]
  if (value === undefined) return [required(path)]
  const problem = jsonObjectProblem(value)
  return problem === undefined ? [] : [invalidValue(path, '<secret contents redacted>', problem)]
}

function warnings({ type, data = {} }: Secret): readonly string[] {
  if (type !== 'kubernetes.io/tls') return []
  const problem = keyPairProblem(data['tls.crt'] ?? '', data['tls.key'] ?? '')
  return problem === undefined ? [] : [problem]
}
