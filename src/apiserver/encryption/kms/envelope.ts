import type { Ciphers } from '../ciphers.ts'
import type { EncryptionMetrics } from '../metrics.ts'
import { join } from '../prefixes.ts'
import { openGcm, sealGcm, tooShort } from '../providers/aes.ts'
import type { Opened, Transformer, ValueContext } from '../transformer.ts'
import { objectProblem } from './checks.ts'
import { decodeObject, encodeObject } from './messages.ts'
import type { EncryptedObject, KeySource } from './messages.ts'
import type { KmsProvider } from './provider.ts'

const infoSize = 32
const firstBlock = Uint8Array.of(1)

/** A key that opens values: as it is, or as a seed of such keys. */
interface ValueKey {
  readonly source: KeySource
  readonly bytes: Uint8Array
}

/**
 * Envelope encryption (KEP-3299): values are sealed with AES-GCM, each with a key of its own that HKDF derives from a seed;
 * the seed lies beside the value, encrypted by a KMS plugin. Seeds once seen are kept: the plugin is asked once for each,
 * of which there is one for every start of a server and every change of the plugin's key.
 */
export class KmsEnvelope implements Transformer {
  readonly #provider: KmsProvider
  readonly #ciphers: Ciphers
  readonly #metrics: EncryptionMetrics
  readonly #keys = new Map<string, ValueKey>()
  readonly #asked = new Map<string, Promise<void>>()
  readonly #failures = new Map<string, Error>()

  constructor(provider: KmsProvider, ciphers: Ciphers, metrics: EncryptionMetrics) {
    this.#provider = provider
    this.#ciphers = ciphers
    this.#metrics = metrics
  }

  open(sealed: Uint8Array, context: ValueContext): Opened {
    const object = decoded(sealed)
    const { encrypted } = this.#provider.state
    const key = this.#keyOf(object)
    this.#metrics.keyUsed('from_storage', this.#provider.name, object.keyId)
    const plain = this.#openWith(key, object.data, context)
    return { plain, stale: object.keyId !== encrypted.keyId || object.source !== 'seed' }
  }

  seal(plain: Uint8Array, context: ValueContext): Uint8Array {
    const { seed, encrypted } = this.#provider.sealingState()
    this.#keep(nameOf({ ...encrypted, source: 'seed' }), { source: 'seed', bytes: seed })
    const info = this.#ciphers.randomBytes(infoSize)
    const data = join(info, sealGcm(this.#ciphers, this.#derive(seed, info), plain, context.key))
    this.#metrics.keyUsed('to_storage', this.#provider.name, encrypted.keyId)
    return encodeObject({ ...encrypted, data, source: 'seed' })
  }

  prepare(sealed: Uint8Array): Promise<void> | undefined {
    let object: EncryptedObject
    try {
      object = decoded(sealed)
      // Before the plugin was well once, nothing is opened.
      void this.#provider.state
    } catch {
      return undefined
    }
    const name = nameOf(object)
    if (this.#keys.has(name)) return undefined
    let asked = this.#asked.get(name)
    if (!asked) {
      asked = this.#ask(name, object)
      this.#asked.set(name, asked)
    }
    return asked
  }

  async #ask(name: string, object: EncryptedObject): Promise<void> {
    this.#metrics.missed()
    try {
      const bytes = await this.#provider.decrypt(object)
      this.#keep(name, { source: object.source as KeySource, bytes: checked(bytes, object.source) })
      this.#failures.delete(name)
    } catch (cause) {
      this.#failures.set(name, new Error(`failed to decrypt DEK, error: ${(cause as Error).message}`, { cause }))
    } finally {
      this.#asked.delete(name)
    }
  }

  #keyOf(object: EncryptedObject): ValueKey {
    const name = nameOf(object)
    const key = this.#keys.get(name)
    if (key) return key
    throw this.#failures.get(name) ?? new Error('failed to decrypt DEK, error: the KMS plugin did not answer yet')
  }

  #keep(name: string, key: ValueKey): void {
    if (this.#keys.has(name)) return
    this.#keys.set(name, key)
    this.#metrics.cached(this.#provider.name, this.#keys.size)
  }

  #openWith({ source, bytes }: ValueKey, data: Uint8Array, context: ValueContext): Uint8Array {
    if (source === 'key') return openGcm(this.#ciphers, bytes, data, context.key)
    if (data.length < infoSize) throw new Error(tooShort)
    const key = this.#derive(bytes, data.subarray(0, infoSize))
    return openGcm(this.#ciphers, key, data.subarray(infoSize), context.key)
  }

  /** The first block of HKDF's expansion (RFC 5869), which is as long as the key. */
  #derive(seed: Uint8Array, info: Uint8Array): Uint8Array {
    return this.#ciphers.hmacSha256(seed, join(info, firstBlock))
  }
}

/** @throws Error */
function decoded(sealed: Uint8Array): EncryptedObject {
  const object = decodeObject(sealed)
  const problem = objectProblem(object)
  if (problem !== undefined) throw new Error(problem)
  return object
}

function checked(bytes: Uint8Array, source: EncryptedObject['source']): Uint8Array {
  if (source === 'seed' && bytes.length < infoSize)
    throw new Error(`invalid seed length ${bytes.length} used for key generation`)
  if (source === 'key' && ![16, 24, 32].includes(bytes.length))
    throw new Error(`crypto/aes: invalid key size ${bytes.length}`)
  return bytes
}

/** Tells keys apart by all that the plugin is told of them. */
function nameOf({ source, ciphertext, keyId, annotations }: Omit<EncryptedObject, 'data'>): string {
  const extra = [...annotations].map(([name, value]) => `${name}=${characters(value)}`).sort()
  return JSON.stringify([source, characters(ciphertext), keyId, ...extra])
}

/** A character for each byte. */
function characters(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
