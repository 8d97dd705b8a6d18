import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'

/** Bytes of salt, nonce and tag, which stand before what they belong to. */
const sizes = { salt: 16, nonce: 12, tag: 16 } as const
const cipher = 'aes-256-gcm'

/** Guessing a word costs a good part of a tenth of a second and 32 MiB each time. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 << 20 }

const keyOf = (secret: string, salt: Uint8Array): Buffer => scryptSync(secret, salt, 32, cost)

/** Seals a text by a secret. @param purpose what else it can't be taken for. */
export function seal(text: string, secret: string, purpose: string): Uint8Array {
  const salt = randomBytes(sizes.salt)
  const nonce = randomBytes(sizes.nonce)
  const sealing = createCipheriv(cipher, keyOf(secret, salt), nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
  return Buffer.concat([salt, nonce, sealing.getAuthTag(), sealed])
}

/** Opens what {@link seal} made; `undefined` when it was sealed by another secret, or is something else. */
export function unseal(bytes: Uint8Array, secret: string, purpose: string): string | undefined {
  const whole = Buffer.from(bytes)
  let at = 0
  const [salt, nonce, tag] = [sizes.salt, sizes.nonce, sizes.tag].map((size) => whole.subarray(at, (at += size)))
  if (!salt || !nonce || tag?.length !== sizes.tag) return undefined
  try {
    const opening = createDecipheriv(cipher, keyOf(secret, salt), nonce).setAAD(Buffer.from(purpose)).setAuthTag(tag)
    return Buffer.concat([opening.update(whole.subarray(at)), opening.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
