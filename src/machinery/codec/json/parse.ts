import { decodeText, encodeText } from '../../text/utf8.ts'
import { JsonError } from './error.ts'
import { nestsTooDeep } from './facts.ts'
import { maxDepth, syntaxProblem } from './syntax.ts'

/** A body that is well-formed JSON. */
export interface JsonBody {
  readonly bytes: Uint8Array
  readonly text: string
  /** What the platform's parser reads: the last of repeated keys, numbers as doubles. Never changed. */
  readonly parsed: unknown
}

/**
 * Parses a body at the speed of `JSON.parse`. What that loses, decoding makes good.
 *
 * @throws JsonError with the API's message, for instance `unexpected end of JSON input`.
 */
export function parseJson(bytes: Uint8Array): JsonBody {
  if (nestsTooDeep(bytes)) throw new JsonError(syntaxProblem(bytes) ?? 'exceeded max depth')
  const text = decodeText(bytes)
  try {
    return { bytes, text, parsed: JSON.parse(text) }
  } catch (error) {
    throw new JsonError(syntaxProblem(bytes) ?? 'unexpected end of JSON input', { cause: error })
  }
}

/** Parses JSON that lies in a text, such as an annotation. @throws JsonError when it is none, or nests too deep. */
export function parseJsonText(text: string): unknown {
  if (text.length > maxDepth) return parseJson(encodeText(text)).parsed
  try {
    return JSON.parse(text) as unknown
  } catch {
    return parseJson(encodeText(text)).parsed
  }
}
