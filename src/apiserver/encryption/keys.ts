import { base64Size, decodeBase64 } from '#machinery'

const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Bytes of a key in base64, whose lines may be broken; `undefined` when it is none. */
export function decodeKey(secret: string): Uint8Array | undefined {
  const text = secret.replace(/[\r\n]/g, '')
  if (!wellFormed.test(text)) return undefined
  const bytes = new Uint8Array(base64Size(text))
  decodeBase64(text, bytes, 0)
  return bytes
}
