import type { StructType } from '#api'
import { copyJson } from '#base'
import { decodeJson, decodeLiterally, decodeUntyped, normalize } from '../codec/json/decode.ts'
import type { Decoded } from '../codec/json/decode.ts'
import { encodeJson } from '../codec/json/encode.ts'
import { JsonError } from '../codec/json/error.ts'
import { TypeMismatch } from '../codec/json/exact/context.ts'
import { jsonKindOf } from '../codec/json/kind.ts'
import { parseJson } from '../codec/json/parse.ts'
import type { JsonBody } from '../codec/json/parse.ts'
import { maxDepth } from '../codec/json/syntax.ts'
import { typeMetaOf } from '../codec/json/type-meta.ts'
import { fromUnstructured } from '../codec/unstructured/convert.ts'
import { badRequest, invalid, requestEntityTooLarge } from '../errors/reasons.ts'
import { failure, StatusError } from '../errors/status-error.ts'
import { invalidValue } from '../field/error.ts'
import { encodeText } from '../text/utf8.ts'
import { goString } from './go-value.ts'
import { applyJsonPatch, JsonPatchError } from './json/apply.ts'
import { checkJsonPatch, readJsonPatch } from './json/operation.ts'
import type { Operation } from './json/operation.ts'
import { mergePatch } from './merge/merge.ts'
import { StrategicPatchError } from './strategic/error.ts'
import { mergeStrategically } from './strategic/merge.ts'

/** What becomes of unknown and repeated fields of requests. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** A JSON patch has no more steps than this. */
export const maxJsonPatchOperations = 10_000

/** The value that a patch makes, and the unknown and repeated fields of the patch itself. */
export interface PatchedValue {
  /** May hold a {@link NumberLiteral} for each number of the patch whose value alone would not say how it was written. */
  readonly value: unknown
  readonly literal: boolean
  readonly strictErrors: readonly string[]
}

/**
 * Applies a JSON patch (RFC 6902) to an object, which is not changed. The result is to be decoded by {@link decodePatched}.
 *
 * @throws StatusError as the API answers.
 */
export function patchJson(object: unknown, patch: Uint8Array, validation: FieldValidation): PatchedValue {
  const strict = validation !== 'Ignore'
  const prefix = strict ? 'error decoding patch: ' : ''
  const body = bodyOf(patch, prefix)
  const strictErrors = strict ? malformedUnless(prefix, () => checkJsonPatch(body)) : []
  const { operations, literal } = malformedUnless('', () => readJsonPatch(body))
  if (operations.length > maxJsonPatchOperations) {
    const limit = `The allowed maximum operations in a JSON patch is ${maxJsonPatchOperations}`
    throw requestEntityTooLarge(`${limit}, got ${operations.length}`)
  }
  try {
    const value = applyJsonPatch(object, operations)
    if (mayDeepen(patch, operations) && !nestsWithin(value, maxDepth)) throw new RangeError('the result nests too deep')
    return { value, literal, strictErrors }
  } catch (error) {
    throw error instanceof JsonPatchError || error instanceof JsonError ? unprocessable(error) : deep(error)
  }
}

/**
 * Applies a merge patch (RFC 7386) to an object, which is not changed. The result is to be decoded by {@link decodePatched}.
 *
 * @throws StatusError as the API answers.
 */
export function patchMerge(object: unknown, patch: Uint8Array, validation: FieldValidation): PatchedValue {
  if (validation === 'Ignore') {
    const { value, literal } = lenient(patch)
    return { value: merged(object, value), literal, strictErrors: [] }
  }
  const prefix = 'error decoding patch: '
  const body = bodyOf(patch, prefix)
  const { value, literal, strictErrors } = malformedUnless(prefix, () => literalMapOf(body))
  if (value === null) throw badRequest('Invalid JSON Patch')
  return { value: merged(object, value), literal, strictErrors }
}

function merged(object: unknown, patch: unknown): unknown {
  try {
    return mergePatch(object, patch)
  } catch (error) {
    throw deep(error)
  }
}

/** Whether a patch may put what is deep into what is deep: what it says itself is too short for that, if it copies nothing. */
const mayDeepen = (patch: Uint8Array, operations: readonly Operation[]): boolean =>
  patch.length > maxDepth || operations.some((step) => step?.['op'] === 'copy' || step?.['op'] === 'move')

/** Whether objects and lists nest no deeper than so. */
function nestsWithin(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return most > 0 && Object.values(value).every((member) => nestsWithin(member, most - 1))
}

/** Patches may nest deeper than calls can. */
function deep(error: unknown): unknown {
  return error instanceof RangeError ? badRequest('exceeded max depth') : error
}

/** A merge patch may be an object or a list where nobody looks closer. */
function lenient(patch: Uint8Array): ReturnType<typeof decodeLiterally> {
  try {
    const decoded = decodeLiterally(parseJson(patch))
    if (typeof decoded.value === 'object' && decoded.value !== null) return decoded
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
  }
  throw badRequest('Invalid JSON Patch')
}

/**
 * Decodes what a JSON or merge patch made of an object.
 *
 * @throws StatusError as the API answers when the result does not fit its type, or is not strictly right.
 */
export function decodePatched(type: StructType, patched: PatchedValue, validation: FieldValidation): Decoded {
  let decoded: Decoded
  try {
    requireKind(patched.value)
    decoded = readPatched(patched, {
      decode: (body) => decodeJson(type, body),
      normalize: (value) => normalize(type, value),
    })
  } catch (error) {
    throw error instanceof JsonError ? misfit(encodeJson(patched.value), error.message) : error
  }
  return settled(decoded, patched.strictErrors, validation, () => encodeJson(patched.value))
}

/** Makes something of JSON, or of a value that is as good as JSON. */
interface PatchedReader<T> {
  decode(body: JsonBody): T
  normalize(value: unknown): T
}

/** Reads what a JSON or merge patch made: from text where its numbers can't be told otherwise. */
export function readPatched<T>({ value, literal }: PatchedValue, reader: PatchedReader<T>): T {
  return literal ? reader.decode(textOf(value)) : reader.normalize(value)
}

const textOf = (value: unknown): JsonBody => parseJson(encodeText(encodeJson(value)))

/** The kind of the result is read before anything else. */
function requireKind(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'kind' in value && 'apiVersion' in value) {
    if (typeof value.kind === 'string' && typeof value.apiVersion === 'string') return
  }
  typeMetaOf(textOf(value))
}

/**
 * Applies a strategic merge patch to a canonical object of a type, and decodes the result. The object is not changed.
 *
 * @throws StatusError as the API answers.
 */
export function patchStrategic(
  type: StructType,
  object: unknown,
  patch: Uint8Array,
  validation: FieldValidation,
): Decoded {
  const strict = malformedUnless('', () => mapOf(bodyOf(patch, '')))
  // Merging uses the patch up, and must not change what the parser shares.
  let working: unknown
  let merged: unknown
  try {
    working = copyJson(strict.value ?? {})
    merged = mergeStrategically(type, object, working)
  } catch (error) {
    throw error instanceof StrategicPatchError ? answerTo(error) : deep(error)
  }
  let decoded: Decoded
  try {
    decoded = fromUnstructured(type, merged, object)
  } catch (error) {
    throw error instanceof JsonError ? misfit(goString(working), error.message) : error
  }
  return settled(decoded, validation === 'Ignore' ? [] : strict.strictErrors, validation, () => goString(working))
}

function answerTo(error: StrategicPatchError): StatusError {
  if (error.trouble === 'malformed') return badRequest(error.message)
  if (error.trouble === 'unprocessable') return unprocessable(error)
  return new StatusError(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: error.message, code: 500 },
    { cause: error },
  )
}

/** Tells, or refuses, unknown and repeated fields. */
function settled(
  decoded: Decoded,
  ofPatch: readonly string[],
  validation: FieldValidation,
  shown: () => string,
): Decoded {
  const strictErrors = validation === 'Ignore' ? [] : [...ofPatch, ...decoded.strictErrors]
  if (validation === 'Strict' && strictErrors.length > 0) {
    throw misfit(shown(), `strict decoding error: ${strictErrors.join(', ')}`)
  }
  return { value: decoded.value, strictErrors }
}

function misfit(shown: string, why: string): StatusError {
  return invalid({ group: '', kind: '' }, '', [invalidValue('patch', shown, why)])
}

/** The API keeps to itself which step of a patch failed; the cause tells it. */
function unprocessable(cause: Error): StatusError {
  const error = failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
  error.cause = cause
  return error
}

function bodyOf(patch: Uint8Array, prefix: string): JsonBody {
  return malformedUnless(prefix, () => parseJson(patch))
}

/** An object, or null. */
function mapOf(body: JsonBody): Decoded {
  requireMap(body)
  return decodeUntyped(body)
}

/** The same with literals in it; numbers that no double holds are refused nonetheless. */
function literalMapOf(body: JsonBody): ReturnType<typeof decodeLiterally> {
  requireMap(body)
  const decoded = decodeLiterally(body)
  if (decoded.literal) decodeUntyped(body)
  return decoded
}

function requireMap({ parsed }: JsonBody): void {
  if (typeof parsed !== 'object' || Array.isArray(parsed))
    throw new TypeMismatch(jsonKindOf(parsed), 'map[string]interface {}', undefined, [])
}

function malformedUnless<T>(prefix: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof JsonError ? badRequest(prefix + error.message) : error
  }
}
