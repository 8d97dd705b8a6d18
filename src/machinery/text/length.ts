import { encodeText } from './utf8.ts'

/** Bytes of a text in UTF-8: what the API's limits count. */
export function byteLength(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : encodeText(text).length
}
