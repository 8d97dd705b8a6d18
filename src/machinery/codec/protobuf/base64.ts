const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))
const values = new Uint8Array(128)
codes.forEach((code, value) => {
  values[code] = value
})

/** Bytes that canonical base64 stands for. */
export function base64Size(text: string): number {
  if (text === '') return 0
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return (text.length / 4) * 3 - padding
}

/** Writes the bytes of canonical base64 to `into`, from `at`. */
export function decodeBase64(text: string, into: Uint8Array, at: number): void {
  const size = base64Size(text)
  const end = at + size
  const value = (i: number): number => values[text.charCodeAt(i) & 0x7f] ?? 0
  for (let i = 0; i < text.length; i += 4) {
    const bits = (value(i) << 18) | (value(i + 1) << 12) | (value(i + 2) << 6) | value(i + 3)
    if (at < end) into[at++] = bits >> 16
    if (at < end) into[at++] = bits >> 8
    if (at < end) into[at++] = bits
  }
}

const decoder = new TextDecoder()
const pad = 0x3d

/** Canonical base64 of bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  let to = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    out[to++] = codes[bits >> 18] ?? 0
    out[to++] = codes[(bits >> 12) & 63] ?? 0
    out[to++] = left > 1 ? (codes[(bits >> 6) & 63] ?? 0) : pad
    out[to++] = left > 2 ? (codes[bits & 63] ?? 0) : pad
  }
  return decoder.decode(out)
}

/** The bytes that canonical base64 stands for, as fields of the API have it. */
export function bytesOfBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(base64Size(text))
  decodeBase64(text, bytes, 0)
  return bytes
}
