import type { StructType } from '#api'
import { encodeText } from '../../text/utf8.ts'
import { encodeJson } from './encode.ts'
import { JsonError } from './error.ts'
import { decodeExactly, decodeUntypedExactly } from './exact/decode.ts'
import type { Decoded } from './exact/decode.ts'
import { countKeys, factsOf, keyColons } from './facts.ts'
import { readerOfStruct } from './normalize/compile.ts'
import { literalNumber } from './literal.ts'
import { Unfit } from './normalize/reader.ts'
import type { Tally } from './normalize/reader.ts'
import type { JsonBody } from './parse.ts'
import { syntaxProblem } from './syntax.ts'

export type { Decoded } from './exact/decode.ts'

const none: readonly string[] = []

/**
 * Decodes a body into the canonical form of a type: fields in declared order (`kind` and `apiVersion` first), map keys in
 * order, zero values and nulls as the API writes them, quantities, times and numbers checked and canonical. 64-bit integers
 * beyond 2^53 are bigints. Whatever is canonical already is returned as it is, not copied.
 *
 * @throws JsonError with the API's message.
 */
export function decodeJson(type: StructType, body: JsonBody): Decoded {
  const tally: Tally = { keys: 0, listed: false, exact: false }
  const value = quickly(() => readerOfStruct(type)(body.parsed, tally))
  if (value === undefined || losesMore(body, tally)) return exactly(type, body.bytes)
  return { value, strictErrors: none }
}

/**
 * The canonical form of an object that is no JSON text: see {@link decodeJson}. The object is not changed, and what is
 * canonical in it is shared with the result.
 *
 * @throws JsonError with the API's message.
 */
export function normalize(type: StructType, object: unknown): Decoded {
  const value = quickly(() => readerOfStruct(type)(object, { keys: 0, listed: false, exact: true }))
  if (value !== undefined) return { value, strictErrors: none }
  return exactly(type, encodeText(guarded(() => encodeJson(object))))
}

/**
 * Decodes a body of no known type, as custom resources are: the last of repeated fields counts, integers beyond 2^53 are
 * bigints.
 *
 * @throws JsonError with the API's message.
 */
export function decodeUntyped(body: JsonBody): Decoded {
  if (isPlain(body)) return { value: body.parsed, strictErrors: none }
  return guarded(() => decodeUntypedExactly(body.bytes), body.bytes)
}

/**
 * Decodes a body of no known type that is to become text again: numbers are a {@link NumberLiteral} where their value
 * alone would not say how they were written. `literal` tells whether there are any.
 *
 * @throws JsonError with the API's message.
 */
export function decodeLiterally(body: JsonBody): Decoded & { readonly literal: boolean } {
  const literal = literals.test(body.text) && factsOf(body.bytes).literals
  if (!literal && isPlain(body)) return { value: body.parsed, strictErrors: none, literal }
  return { ...guarded(() => decodeUntypedExactly(body.bytes, literalNumber), body.bytes), literal: true }
}

/** Whether the platform's parser lost nothing but how numbers were written. */
function isPlain(body: JsonBody): boolean {
  const keys = quickly(() => countKeys(body.parsed))
  return keys !== undefined && !hasHalves(body.text) && !hasRepeated(body.bytes, keys)
}

/** In numbers, and in much else. */
const literals = /\d[.eE]|-0/

/** In numbers that are fields of objects; those in lists are rare and looked at one by one. */
const fraction = /":\s*-?\d+[.eE]/

/** Whether the text says more than the parsed value does. */
function losesMore(body: JsonBody, tally: Tally): boolean {
  if (hasHalves(body.text) || hasRepeated(body.bytes, tally.keys)) return true
  return (tally.listed || fraction.test(body.text)) && factsOf(body.bytes).literals
}

function hasRepeated(bytes: Uint8Array, keys: number): boolean {
  return keyColons(bytes) !== keys && factsOf(bytes).colons !== keys
}

const escapedHalf = /\\u[dD][89a-fA-F]/

/** Whether some text may have half a surrogate pair, which the API reads as U+FFFD. */
function hasHalves(text: string): boolean {
  return text.includes('\\u') && escapedHalf.test(text)
}

function exactly(type: StructType, bytes: Uint8Array): Decoded {
  return guarded(() => {
    const { value, strictErrors } = decodeExactly(type, bytes)
    return { value: readerOfStruct(type)(value, { keys: 0, listed: false, exact: true }), strictErrors }
  }, bytes)
}

/** `undefined` when the value does not fit its type, or nests too deep to tell. */
function quickly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unfit || error instanceof RangeError) return undefined
    throw error
  }
}

/** Texts may nest deeper than calls can. */
function guarded<T>(read: () => T, bytes?: Uint8Array): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const problem = bytes === undefined ? undefined : syntaxProblem(bytes)
    throw new JsonError(problem ?? 'exceeded max depth', { cause: error })
  }
}
