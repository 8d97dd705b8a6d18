import type { Field, ListType, StructType } from '#api'
import { decodeLiterally } from '../../codec/json/decode.ts'
import { JsonError } from '../../codec/json/error.ts'
import { TypeMismatch } from '../../codec/json/exact/context.ts'
import { decodeExactly } from '../../codec/json/exact/decode.ts'
import { jsonKindOf } from '../../codec/json/kind.ts'
import type { JsonBody } from '../../codec/json/parse.ts'

/** One step of a JSON patch; null steps and fields of other types are refused when the step is applied. */
export type Operation = { readonly [field: string]: unknown } | null

const field = (name: string, scalar: 'string' | 'any'): Field => ({
  name,
  type: { kind: 'scalar', scalar },
  pointer: false,
  elementPointer: false,
  emit: 'always',
  data: {},
})

const fields = [field('op', 'string'), field('path', 'string'), field('from', 'string'), field('value', 'any')]

const operation: StructType = {
  kind: 'struct',
  name: 'jsonPatchOp',
  place: 'apiserver/handlers',
  definition: '',
  message: '',
  data: {},
  hasTypeMeta: false,
  fields,
  byName: new Map(fields.map((entry) => [entry.name, entry])),
  wireFields: [],
}

const operations: ListType = { kind: 'list', element: operation }

/** What a strict reader would refuse in a JSON patch. @throws JsonError when a step has fields of wrong types. */
export function checkJsonPatch(body: JsonBody): readonly string[] {
  return decodeExactly(operations, body.bytes).strictErrors.map((error) => `json patch ${error}`)
}

/** The steps of a JSON patch, and whether numbers in them are literals. */
interface JsonPatch {
  readonly operations: readonly Operation[]
  readonly literal: boolean
}

/** Reads the steps of a JSON patch. @throws JsonError with the API's message when it is no list of objects. */
export function readJsonPatch(body: JsonBody): JsonPatch {
  const { value, literal } = decodeLiterally(body)
  if (value === null) return { operations: [], literal }
  if (!Array.isArray(value)) throw new TypeMismatch(jsonKindOf(value), 'jsonpatch.Patch', undefined, [])
  const wrong = value.find((step: unknown) => typeof step !== 'object' || Array.isArray(step))
  if (wrong !== undefined) throw new TypeMismatch(jsonKindOf(wrong), 'jsonpatch.Operation', undefined, [])
  return { operations: value as Operation[], literal }
}

/** A text field of a step; `undefined` when it is missing or null. @throws JsonError when it is no text. */
export function textOf(step: Operation, name: string): string | undefined {
  const value = step === null || !Object.hasOwn(step, name) ? undefined : step[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw new JsonError(new TypeMismatch(jsonKindOf(value), 'string', undefined, []).message)
}
