import { encodeText } from '#machinery'
import type { Ciphers } from '../ciphers.ts'
import { join } from '../prefixes.ts'
import type { Transformer } from '../transformer.ts'

const blockSize = 16
/** Bytes of a nonce in Galois/Counter mode. */
const nonceSize: number = 12
export const tooShort = 'the stored data was shorter than the required size'

/** AES-GCM: what is sealed is bound to its key in the store. */
export function aesGcm(ciphers: Ciphers, key: Uint8Array): Transformer {
  return {
    open: (sealed, context) => ({ plain: openGcm(ciphers, key, sealed, context.key), stale: false }),
    seal: (plain, context) => sealGcm(ciphers, key, plain, context.key),
  }
}

/** @throws Error */
export function openGcm(ciphers: Ciphers, key: Uint8Array, sealed: Uint8Array, path: string): Uint8Array {
  if (sealed.length < nonceSize) throw new Error(tooShort)
  const nonce = sealed.subarray(0, nonceSize)
  const plain = ciphers.gcmOpen(key, nonce, sealed.subarray(nonceSize), encodeText(path))
  if (!plain) throw new Error('cipher: message authentication failed')
  return plain
}

export function sealGcm(ciphers: Ciphers, key: Uint8Array, plain: Uint8Array, path: string): Uint8Array {
  const nonce = ciphers.randomBytes(nonceSize)
  return join(nonce, ciphers.gcmSeal(key, nonce, plain, encodeText(path)))
}

/** AES-CBC, padded as PKCS#7 has it. Nothing vouches for what is sealed. */
export function aesCbc(ciphers: Ciphers, key: Uint8Array): Transformer {
  return {
    open(sealed) {
      if (sealed.length < blockSize) throw new Error(tooShort)
      const body = sealed.subarray(blockSize)
      if (body.length % blockSize !== 0) throw new Error('the stored data is not a multiple of the block size')
      const padded = ciphers.cbcDecrypt(key, sealed.subarray(0, blockSize), body)
      return { plain: withoutPadding(padded), stale: false }
    },
    seal(plain) {
      const iv = ciphers.randomBytes(blockSize)
      const padding = blockSize - (plain.length % blockSize)
      const padded = new Uint8Array(plain.length + padding).fill(padding)
      padded.set(plain)
      return join(iv, ciphers.cbcEncrypt(key, iv, padded))
    },
  }
}

function withoutPadding(padded: Uint8Array): Uint8Array {
  const padding = padded.at(-1) ?? 0
  if (padding === 0 || padding > padded.length) throw new Error('invalid PKCS7 data (empty or not padded)')
  const end = padded.length - padding
  for (let index = end; index < padded.length; index++) {
    if (padded[index] !== padding) throw new Error('invalid padding on input')
  }
  return padded.subarray(0, end)
}
