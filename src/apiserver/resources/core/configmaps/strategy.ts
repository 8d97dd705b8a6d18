import type { ConfigMap } from '#api/core/v1'
import { deepEqual, semanticEqual } from '#base'
import {
  base64Size,
  byteLength,
  fieldForbidden,
  invalidValue,
  isConfigMapKey,
  nameIsDNSSubdomain,
  Path,
  tooLong,
} from '#machinery'
import type { FieldError, MetaRules } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const dataPath = Path.of('data')
const binaryPath = Path.of('binaryData')
const rules: MetaRules = { namespaced: true, name: nameIsDNSSubdomain }

/** Bytes of data that a ConfigMap or a Secret may hold. */
export const maxDataSize: number = 1024 * 1024

const fixed = 'field is immutable when `immutable` is set'

export const configMapStrategy: Strategy = strategy<ConfigMap>({
  validate,
  validateUpdate(config, old) {
    const errors: FieldError[] = [...validateObjectMetaUpdate(config.metadata, old.metadata, metadata)]
    if (old.immutable) {
      if (!config.immutable) errors.push(fieldForbidden('immutable', fixed))
      if (!semanticEqual(config.data, old.data)) errors.push(fieldForbidden('data', fixed))
      // By default texts are an empty map, bytes are none.
      if (!deepEqual(config.binaryData, old.binaryData)) errors.push(fieldForbidden('binaryData', fixed))
    }
    return [...errors, ...validate(config)]
  },
})

function validate({ metadata: meta, data = {}, binaryData = {} }: ConfigMap): readonly FieldError[] {
  const errors: FieldError[] = [...validateObjectMeta(meta, rules, metadata)]
  let size = 0
  for (const key in data) {
    for (const problem of isConfigMapKey(key)) errors.push(invalidValue(dataPath.key(key), key, problem))
    if (Object.hasOwn(binaryData, key))
      errors.push(invalidValue(dataPath.key(key), key, 'duplicate of key present in binaryData'))
    size += byteLength(data[key] ?? '')
  }
  for (const key in binaryData) {
    for (const problem of isConfigMapKey(key)) errors.push(invalidValue(binaryPath.key(key), key, problem))
    size += base64Size(binaryData[key] ?? '')
  }
  // The object as a whole has no name.
  if (size > maxDataSize) errors.push(tooLong('[]', maxDataSize))
  return errors
}
