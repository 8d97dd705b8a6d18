import { messageOf } from '#base'
import type { Json } from '#api'
import { quote } from '../../errors/quote.ts'
import type { MergeType } from '../types/merge-type.ts'
import { kindText } from './object.ts'
import { PendingConversion } from './pending.ts'
import { faultText, validate } from '../typed/validate.ts'
import { asMembers } from '../typed/value.ts'

/** An object in one version, right by its type. */
export interface TypedObject {
  readonly value: Json
  readonly type: MergeType
  /** `group/version`, or the version alone in the core group. */
  readonly apiVersion: string
}

export interface ConverterOptions {
  /** Type of the objects in a version, `undefined` when there is no such version. */
  readonly typeOf: (apiVersion: string) => MergeType | undefined
  /** The object in another version, `undefined` when there is no such version. Errors end the operation. */
  readonly convert: (value: Json, apiVersion: string) => Json | undefined
}

/** Brings objects into the versions that managers wrote them in. */
export class Converter {
  readonly #options: ConverterOptions

  constructor(options: ConverterOptions) {
    this.#options = options
  }

  /**
   * The object in a version, `undefined` when there is no such version.
   *
   * @param failure what to say can't be done when conversion fails.
   */
  to(object: TypedObject, apiVersion: string, failure = ''): TypedObject | undefined {
    try {
      checkWhole(object, apiVersion)
      if (object.apiVersion === apiVersion) return object
      return this.#convert(object, apiVersion)
    } catch (error) {
      if (failure === '' || error instanceof PendingConversion) throw error
      throw new Error(`${failure}: ${messageOf(error)}`, { cause: error })
    }
  }

  #convert(object: TypedObject, apiVersion: string): TypedObject | undefined {
    if (apiVersion.indexOf('/') !== apiVersion.lastIndexOf('/')) {
      throw new Error(`unexpected GroupVersion string: ${apiVersion}`)
    }
    const value = this.#options.convert(object.value, apiVersion)
    const type = value === undefined ? undefined : this.#options.typeOf(apiVersion)
    if (value === undefined || type === undefined) return undefined
    const faults = validate(type, value)
    if (faults !== undefined) throw new Error(faultText(faults))
    return { value, type, apiVersion }
  }

  /** {@link to} for one object, doing the work once for each version. */
  of(object: TypedObject, failure = ''): (apiVersion: string) => TypedObject | undefined {
    const done = new Map<string, TypedObject | undefined>()
    return (apiVersion) => {
      if (apiVersion === object.apiVersion) return object
      if (!done.has(apiVersion)) done.set(apiVersion, this.to(object, apiVersion, failure))
      return done.get(apiVersion)
    }
  }
}

/** Whoever owns the version of an object, which no request brings about, takes it along when it is pruned. */
function checkWhole({ value, type }: TypedObject, apiVersion: string): void {
  const members = asMembers(value)
  if (members === undefined) throw new Error('failed to convert value to unstructured for type <nil>')
  if (members['apiVersion'] !== undefined) return
  if (!type.builtin) {
    throw new Error(`${kindText(members)} is unstructured and is not suitable for converting to ${quote(apiVersion)}`)
  }
  if (members['kind'] === undefined) throw new Error("Object 'Kind' is missing in 'unstructured object has no kind'")
  throw new Error("Object 'apiVersion' is missing in 'unstructured object has no version'")
}
