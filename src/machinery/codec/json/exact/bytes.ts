import { encodeText } from '../../../text/utf8.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const pad = 0x3d

/** Canonical base64, or what is wrong with a text in the words of the API. */
export type ReadBytes = { readonly text: string } | { readonly problem: string }

/** Reads base64 as the API does: line breaks are passed over, bits beyond the last byte dropped. */
export function readBytes(text: string): ReadBytes {
  const bytes = encodeText(text)
  const digits: string[] = []
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (isBreak(byte)) continue
    const character = String.fromCharCode(byte)
    if (alphabet.includes(character)) digits.push(character)
    else return byte === pad ? padded(bytes, at, digits) : corrupt(at)
  }
  const rest = digits.length % 4
  return rest === 0 ? { text: digits.join('') } : corrupt(bytes.length - rest)
}

const isBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d
const corrupt = (at: number): ReadBytes => ({ problem: `illegal base64 data at input byte ${at}` })

/** The first padding stands at `at`: one more may follow, then nothing. */
function padded(bytes: Uint8Array, at: number, digits: readonly string[]): ReadBytes {
  const rest = digits.length % 4
  if (rest < 2) return corrupt(at)
  let next = at + 1
  const skipBreaks = (): void => {
    while (isBreak(bytes[next])) next++
  }
  if (rest === 2) {
    skipBreaks()
    if (next === bytes.length) return corrupt(next)
    if (bytes[next] !== pad) return corrupt(next - 1)
    next++
  }
  skipBreaks()
  if (next < bytes.length) return corrupt(next)
  const kept = alphabet.indexOf(digits.at(-1) ?? '') & (rest === 2 ? 0x30 : 0x3c)
  return { text: digits.slice(0, -1).join('') + alphabet.charAt(kept) + '='.repeat(4 - rest) }
}
