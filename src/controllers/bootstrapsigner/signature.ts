import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeBase64, encodeText } from '#machinery'

/** A detached JSON Web Signature by a bootstrap token: header and signature, the content left out between them. */
export function detachedSignature(content: string, id: string, secret: string): string {
  const header = url(encodeText(JSON.stringify({ alg: 'HS256', kid: id })))
  const signed = `${header}.${url(encodeText(content))}`
  return `${header}..${url(hmac(sha256, encodeText(secret), encodeText(signed)))}`
}

const url = (bytes: Uint8Array): string =>
  encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
