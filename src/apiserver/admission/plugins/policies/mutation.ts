import { messageOf } from '#base'
import type { Json } from '#api'
import type { Mutation } from '#api/admissionregistration/v1'
import {
  atomicPaths,
  CelError,
  encodeText,
  faultText,
  mergeTyped,
  decodeUntyped,
  patchJson,
  readPatched,
  plainJson,
  StructValue,
  validateTyped,
} from '#machinery'
import type { CelValue, KubeObject } from '#machinery'
import type { ObjectType } from '../../../resource/object-type.ts'
import { jsonOf } from './json.ts'

/** A mutation that can't be done; its policy says what that means. */
export class MutationError extends Error {
  override readonly name = 'MutationError'
}

/**
 * The object with what the mutation's expression came to.
 *
 * @param object as `type` has it, with kind and apiVersion
 * @param known whether the resource's version describes the type, without which nothing can be laid over it
 * @throws MutationError
 */
export function afterMutation(
  mutation: Mutation,
  value: CelValue,
  object: KubeObject,
  type: ObjectType,
  known: boolean,
): KubeObject {
  return mutation.patchType === 'JSONPatch' ? patched(value, object) : configured(value, object, type, known)
}

function configured(value: CelValue, object: KubeObject, type: ObjectType, known: boolean): KubeObject {
  if (!(value instanceof StructValue))
    throw new MutationError('unsupported return type from ApplyConfiguration expression')
  const { kind = '', apiVersion = '' } = object
  const configuration = { ...(checked(value) as { readonly [field: string]: Json }), kind, apiVersion }
  const untyped = 'failed to convert patch object to typed object'
  if (!known) throw failed(`${untyped}: no corresponding type for ${apiVersion}, Kind=${kind}`)
  const faults = validateTyped(type.mergeType, configuration)
  if (faults) throw failed(`${untyped}: ${faultText(faults)}`)
  const atomic = atomicPaths(type.mergeType, configuration)
  if (atomic.length > 0)
    throw failed(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`)
  return mergeTyped(type.mergeType, object, configuration) as KubeObject
}

const testFailed = /testing value .* failed: test failed$/

const failed = (why: string): MutationError => new MutationError(`error applying patch: ${why}`)

function patched(value: CelValue, object: KubeObject): KubeObject {
  const operations = (jsonOf(value) as readonly { readonly [field: string]: Json }[]).map(
    ({ op = '', path = '', from, value: content }) => ({
      op,
      path,
      ...(from === undefined || from === '' ? {} : { from }),
      ...(content === undefined ? {} : { value: content }),
    }),
  )
  try {
    const outcome = patchJson(object, encodeText(plainJson(operations)), 'Ignore')
    return readPatched(outcome, {
      decode: (body) => decodeUntyped(body).value,
      normalize: (value) => value,
    }) as KubeObject
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown }
    const why = cause instanceof Error ? cause.message : messageOf(error)
    // A test that does not hold means that there is nothing to do.
    if (testFailed.test(why)) return object
    throw new MutationError(`JSON Patch: ${why}`, { cause: error })
  }
}

/** As JSON, once its types are known to be those of the places they are at. */
function checked(value: StructValue): Json {
  try {
    return jsonOf(value, 'Object')
  } catch (error) {
    if (error instanceof CelError) throw new MutationError(`type mismatch: ${error.message}`, { cause: error })
    throw error
  }
}
