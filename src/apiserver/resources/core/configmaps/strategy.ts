import type { ConfigMap } from '#api/core/v1'
import { deepEqual } from '#base'
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
import type { FieldError } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')

/** Bytes of data that a ConfigMap or a Secret may hold. */
export const maxDataSize: number = 1024 * 1024

const fixed = 'field is immutable when `immutable` is set'

export const configMapStrategy: Strategy = strategy<ConfigMap>({
  validate,
  validateUpdate(config, old) {
    const errors: FieldError[] = [...validateObjectMetaUpdate(config.metadata, old.metadata, metadata)]
    if (old.immutable) {
      if (!config.immutable) errors.push(fieldForbidden('immutable', fixed))
      if (!deepEqual(config.data, old.data)) errors.push(fieldForbidden('data', fixed))
      if (!deepEqual(config.binaryData, old.binaryData)) errors.push(fieldForbidden('binaryData', fixed))
    }
    return [...errors, ...validate(config)]
  },
})

function validate({ metadata: meta, data = {}, binaryData = {} }: ConfigMap): readonly FieldError[] {
  const errors: FieldError[] = [...validateObjectMeta(meta, { namespaced: true, name: nameIsDNSSubdomain }, metadata)]
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    const path = Path.of('data').key(key)
    for (const problem of isConfigMapKey(key)) errors.push(invalidValue(path, key, problem))
    if (Object.hasOwn(binaryData, key)) errors.push(invalidValue(path, key, 'duplicate of key present in binaryData'))
    size += byteLength(value)
  }
  for (const [key, value] of Object.entries(binaryData)) {
    const path = Path.of('binaryData').key(key)
    for (const problem of isConfigMapKey(key)) errors.push(invalidValue(path, key, problem))
    size += base64Size(value)
  }
  // The object as a whole has no name.
  if (size > maxDataSize) errors.push(tooLong('[]', maxDataSize))
  return errors
}
