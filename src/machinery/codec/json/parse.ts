import { decodeText } from '../../text/utf8.ts'
import { JsonError } from './error.ts'
import { syntaxProblem } from './syntax.ts'

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
  const text = decodeText(bytes)
  try {
    return { bytes, text, parsed: JSON.parse(text) }
  } catch (error) {
    throw new JsonError(syntaxProblem(bytes) ?? 'unexpected end of JSON input', { cause: error })
  }
}
