import type { Clock } from '#base'
import type { Logins } from '../images/logins.ts'

interface Entry {
  readonly logins: Logins
  readonly expiresAt: number
}

const purgeEveryMs = 15 * 60_000
/** No image and no registry is called so. */
const everywhere = '<global>'

/** What a plugin has answered, while it holds. */
export class LoginCache {
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  #lastPurge: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#lastPurge = clock.now()
  }

  /** @param account whose the answer has to be; empty for everybody's. */
  get(image: string, account: string): Logins | undefined {
    const now = this.#clock.now()
    if (now > this.#lastPurge + purgeEveryMs) this.#purge(now)
    for (const key of [image, registryOf(image), everywhere]) {
      const entry = this.#entries.get(JSON.stringify([key, account]))
      if (entry && now <= entry.expiresAt) return entry.logins
    }
    return undefined
  }

  put(key: string, account: string, entry: { readonly logins: Logins; readonly lifetimeMs: number }): void {
    const expiresAt = this.#clock.now() + entry.lifetimeMs
    this.#entries.set(JSON.stringify([key, account]), { logins: entry.logins, expiresAt })
  }

  #purge(now: number): void {
    this.#lastPurge = now
    for (const [key, { expiresAt }] of this.#entries) if (now > expiresAt) this.#entries.delete(key)
  }
}

/** What an answer is kept under. @throws Error when the plugin has named no way. */
export function cacheKey(type: string, image: string): string {
  switch (type) {
    case 'Image':
      return image
    case 'Registry':
      return registryOf(image)
    case 'Global':
      return everywhere
    default:
      throw new Error(`credential provider plugin did not return a valid cacheKeyType: ${type}`)
  }
}

/** Host, with its port. */
const registryOf = (image: string): string => image.split('/', 1)[0] ?? ''
