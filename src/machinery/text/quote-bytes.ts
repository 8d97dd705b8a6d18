import { encodeText } from './utf8.ts'

/** Each byte of a text's UTF-8 as one character, so that positions count bytes. Texts beyond 4 KiB are cut. */
export function bytesOf(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : String.fromCharCode(...encodeText(text.slice(0, 4096)))
}

/** Quotes a text of {@link bytesOf} as time and duration errors do: everything beyond printable ASCII by its bytes. */
export function quoteBytes(bytes: string): string {
  const escaped = bytes.replace(/["\\]/g, '\\$&').replace(/[^ -\x7f]/g, (byte) => {
    return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${escaped}"`
}
