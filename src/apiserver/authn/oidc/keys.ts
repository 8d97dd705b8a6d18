import { messageOf } from '#base'
import type { Clock } from '#base'
import type { JsonWebKey } from '../token/signing.ts'
import type { Fetch } from './fetch.ts'

/** Whether a key has signed content, by a JWS algorithm such as `ES256`; false too when the key is not for it. */
export type VerifySignature = (
  key: Partial<JsonWebKey>,
  algorithm: string,
  content: Uint8Array,
  signature: Uint8Array,
) => boolean

/** A token by its parts, nothing of which is verified. */
export interface ParsedToken {
  readonly algorithm: string
  readonly keyId: string
  readonly content: Uint8Array
  readonly signature: Uint8Array
}

export interface KeySetOptions {
  readonly clock: Clock
  readonly fetch: Fetch
  readonly verifySignature: VerifySignature
  readonly url: string
  /** Hears of every attempt to get keys: the document, or nothing when there was none. */
  readonly fetched?: (document: string | undefined) => void
}

/** Keys count as out of date so long before their time, in milliseconds. */
const earlyMs = 30_000

/**
 * The keys of an issuer. They are kept; a token that none of them has signed makes them be read anew, unless the issuer
 * said for how long they hold.
 */
export class RemoteKeySet {
  readonly #options: KeySetOptions
  #keys: readonly Partial<JsonWebKey>[] = []
  #holdUntil = 0
  #underWay: Promise<readonly Partial<JsonWebKey>[]> | undefined

  constructor(options: KeySetOptions) {
    this.#options = options
  }

  /** @returns whether a key of the issuer has signed the token; a promise when keys have to be read. @throws Error */
  verify(token: ParsedToken): true | Promise<boolean> {
    return this.#signedBy(this.#keys, token) ? true : this.#verifyAnew(token)
  }

  async #verifyAnew(token: ParsedToken): Promise<boolean> {
    if (this.#options.clock.now() + earlyMs <= this.#holdUntil) return false
    this.#underWay ??= this.#read().finally(() => (this.#underWay = undefined))
    return this.#signedBy(await this.#underWay, token)
  }

  #signedBy(keys: readonly Partial<JsonWebKey>[], token: ParsedToken): boolean {
    const { algorithm, keyId, content, signature } = token
    return keys.some(
      (key) => (keyId === '' || key.kid === keyId) && this.#options.verifySignature(key, algorithm, content, signature),
    )
  }

  async #read(): Promise<readonly Partial<JsonWebKey>[]> {
    const { clock, fetch, url, fetched } = this.#options
    try {
      const { code, headers, text } = await fetch(url)
      if (code !== 200) throw new Error(`oidc: get keys failed: ${code} ${text}`)
      const keys = keysOf(text)
      this.#holdUntil = clock.now() + lifeOf(headers['cache-control'] ?? '')
      this.#keys = keys
      fetched?.(text)
      return keys
    } catch (error) {
      fetched?.(undefined)
      throw new Error(`fetching keys ${messageOf(error)}`, { cause: error })
    }
  }
}

function keysOf(text: string): readonly Partial<JsonWebKey>[] {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new Error(`oidc: failed to decode keys: ${(cause as Error).message} ${text}`, { cause })
  }
  const { keys } = (document ?? {}) as { readonly keys?: unknown }
  return Array.isArray(keys) ? (keys as readonly Partial<JsonWebKey>[]) : []
}

/** Milliseconds that an answer may be kept, by its `Cache-Control`. */
function lifeOf(control: string): number {
  if (/\bno-(?:store|cache)\b/i.test(control)) return 0
  const [, seconds = '0'] = /\bmax-age=(\d+)/i.exec(control) ?? []
  return Number(seconds) * 1000
}
