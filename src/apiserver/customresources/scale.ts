import type { Draft } from '#api'
import type { CustomResourceSubresourceScale } from '#api/apiextensions/v1'
import { fieldPath, goString, goTypeOfValue, internalError, invalidValue } from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import type { ScaleRules } from '../resource/resource.ts'
import { asObject, isObject } from './schema/schema.ts'
import type { ObjectValue, Value } from './schema/schema.ts'
import { isInt64 } from './validation/number.ts'

const namesOf = (path: string): string[] => path.replace(/^\./, '').split('.')

/** How a custom resource scales, by the paths that its definition names. */
export function customScale(scale: CustomResourceSubresourceScale): ScaleRules {
  const specPath = namesOf(scale.specReplicasPath)
  return {
    read(object) {
      const spec = read(object, scale.specReplicasPath, 'number')
      if ('fault' in spec) throw internalError(spec.fault)
      const status = read(object, scale.statusReplicasPath, 'number')
      const selector = read(object, scale.labelSelectorPath ?? '', 'string')
      return {
        specReplicas: spec.value === undefined ? undefined : Number(spec.value),
        statusReplicas: 'value' in status ? Number(status.value ?? 0) : 0,
        selector: 'value' in selector && typeof selector.value === 'string' ? selector.value : '',
      }
    },
    write(draft, replicas) {
      write(draft, specPath, replicas)
    },
    replicasPath: fieldPath(...specPath),
    replicasName: scale.specReplicasPath,
  }
}

type Read = { readonly value: Value | undefined } | { readonly fault: string }

/** Follows a path of names, as the API's accessors of untyped objects do. */
function read(object: KubeObject, path: string, type: 'number' | 'string'): Read {
  let value: Value | undefined = object
  const walked: string[] = []
  for (const name of namesOf(path)) {
    if (value === null) return { value: undefined }
    walked.push(name)
    if (!isObject(value)) {
      const found = typeName(value)
      return {
        fault: `.${walked.join('.')} accessor error: ${goString(value)} is of the type ${found}, expected map[string]interface{}`,
      }
    }
    value = Object.hasOwn(value, name) ? value[name] : undefined
    if (value === undefined) return { value }
  }
  if (type === 'number' ? typeName(value) === 'int64' : typeof value === type) return { value }
  const expected = type === 'number' ? 'int64' : 'string'
  const text = `.${walked.join('.')} accessor error: ${goString(value)} is of the type ${typeName(value)}, expected ${expected}`
  return { fault: text }
}

/** Numbers too large for an integer are none. */
function typeName(value: Value): string {
  if ((typeof value === 'number' || typeof value === 'bigint') && !isInt64(value)) return 'float64'
  return goTypeOfValue(value) ?? '<nil>'
}

function write(draft: Draft<KubeObject>, names: readonly string[], replicas: number): void {
  let target: ObjectValue = draft
  for (const name of names.slice(0, -1)) {
    // The draft shares what lies below its top with the live object.
    const inner = { ...asObject(target[name]) }
    target[name] = inner
    target = inner
  }
  target[names.at(-1) ?? ''] = replicas
}

const largest = 2 ** 31 - 1

/** Replicas must be whole and not negative, the selector a text. */
export function validateScale(
  object: KubeObject,
  scale: CustomResourceSubresourceScale | undefined,
  parts: { readonly spec: boolean },
): FieldError[] {
  if (!scale) return []
  const errors = parts.spec ? replicasErrors(object, scale.specReplicasPath) : []
  errors.push(...replicasErrors(object, scale.statusReplicasPath))
  if (scale.labelSelectorPath !== undefined) {
    const selector = read(object, scale.labelSelectorPath, 'string')
    if ('fault' in selector) errors.push(invalidValue(scale.labelSelectorPath, '', selector.fault))
  }
  return errors
}

function replicasErrors(object: KubeObject, path: string): FieldError[] {
  const found = read(object, path, 'number')
  if ('fault' in found) return [invalidValue(path, 0, found.fault)]
  const replicas = (found.value ?? 0) as number | bigint
  if (replicas < 0) return [invalidValue(path, replicas, 'should be a non-negative integer')]
  if (replicas > largest) return [invalidValue(path, replicas, `should be less than or equal to ${largest}`)]
  return []
}
