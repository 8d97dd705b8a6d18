import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'
import type { Ciphers } from '../ciphers.ts'
import { join } from '../prefixes.ts'
import type { Transformer } from '../transformer.ts'
import { tooShort } from './aes.ts'

const nonceSize = 24
const overhead = 16

/** XSalsa20 and Poly1305, as NaCl's `secretbox` puts them together. */
export function secretbox(ciphers: Ciphers, key: Uint8Array): Transformer {
  return {
    open(sealed) {
      if (sealed.length < nonceSize + overhead) throw new Error(tooShort)
      try {
        const plain = xsalsa20poly1305(key, sealed.subarray(0, nonceSize)).decrypt(sealed.subarray(nonceSize))
        return { plain, stale: false }
      } catch (cause) {
        throw new Error('output array was not large enough for encryption', { cause })
      }
    },
    seal(plain) {
      const nonce = ciphers.randomBytes(nonceSize)
      return join(nonce, xsalsa20poly1305(key, nonce).encrypt(plain))
    },
  }
}
