import { base64Size, decodeBase64 } from '#machinery'

/** Bytes of a field of the API. */
export function bytesOf(base64: string): Uint8Array {
  const bytes = new Uint8Array(base64Size(base64))
  decodeBase64(base64, bytes, 0)
  return bytes
}
