import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { CipherGCMTypes } from 'node:crypto'
import type { Ciphers } from '#apiserver'

const tagSize = 16

/** The ciphers of Node. */
export const nodeCiphers: Ciphers = {
  randomBytes: (length) => randomBytes(length),
  cbcEncrypt(key, iv, plain) {
    const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false)
    return Buffer.concat([cipher.update(plain), cipher.final()])
  },
  cbcDecrypt(key, iv, sealed) {
    const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false)
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  },
  gcmSeal(key, nonce, plain, context) {
    const cipher = createCipheriv(gcmOf(key), key, nonce).setAAD(context)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  gcmOpen(key, nonce, sealed, context) {
    if (sealed.length < tagSize) return undefined
    const decipher = createDecipheriv(gcmOf(key), key, nonce, { authTagLength: tagSize }).setAAD(context)
    decipher.setAuthTag(sealed.subarray(-tagSize))
    const plain = decipher.update(sealed.subarray(0, -tagSize))
    try {
      // Nothing is left to come but whether the tag is right.
      decipher.final()
    } catch {
      return undefined
    }
    return plain
  },
  hmacSha256: (key, message) => createHmac('sha256', key).update(message).digest(),
}

function gcmOf(key: Uint8Array): CipherGCMTypes {
  return `aes-${key.length * 8}-gcm` as CipherGCMTypes
}
