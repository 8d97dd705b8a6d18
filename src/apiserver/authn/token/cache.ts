import { keepable } from '#base'
import type { Clock } from '#base'
import type { TokenCacheMetrics } from '../../metrics/token-cache.ts'
import type { Authentication, Notes, TokenAuthenticator } from '../authenticator.ts'

export interface TokenCacheOptions {
  readonly clock: Clock
  /** How long an answer that knows the token is kept, in milliseconds. 0: not at all. */
  readonly successMs: number
  /** The same for one that does not. */
  readonly failureMs: number
  /** Answers that are errors are failures to be kept; true when absent. */
  readonly keepErrors?: boolean
  readonly metrics?: TokenCacheMetrics | undefined
}

interface Entry {
  readonly answer: Authentication
  readonly warnings: readonly string[]
  readonly annotations: readonly (readonly [string, string])[]
  readonly until: number
}

const mostEntries = 32_768
/** Characters of one token and of all, since clients send what they like. */
const longestKept = 16_384
const mostKept = 32 << 20

/**
 * Keeps what became of tokens for a short while, as every request carries one. Questions about the same token at the same
 * time are asked once.
 */
export function cachedTokenAuthenticator(
  authenticator: TokenAuthenticator,
  options: TokenCacheOptions,
): TokenAuthenticator {
  return new TokenCache(authenticator, options)
}

class TokenCache implements TokenAuthenticator {
  readonly #authenticator: TokenAuthenticator
  readonly #options: TokenCacheOptions
  readonly #kept = new KeptEntries()
  readonly #pending = new Map<string, Promise<Entry>>()

  constructor(authenticator: TokenAuthenticator, options: TokenCacheOptions) {
    this.#authenticator = authenticator
    this.#options = options
  }

  authenticate(
    token: string,
    audiences: readonly string[] | undefined,
    notes: Notes,
  ): Authentication | Promise<Authentication> {
    const { clock, metrics } = this.#options
    const key = keyOf(token, audiences)
    const known = this.#kept.get(key)
    if (known && known.until > clock.monotonic()) {
      metrics?.hit()
      return replay(known, notes)
    }
    this.#kept.forget(key)
    const shared = this.#pending.get(key)
    if (shared) return this.#waited(shared).then((entry) => replay(entry, notes))
    const asked = this.#ask(token, audiences)
    if (!(asked instanceof Promise)) return replay(this.#keep(key, asked), notes)
    const settled = asked.then((entry) => this.#keep(key, entry)).finally(() => this.#pending.delete(key))
    this.#pending.set(key, settled)
    return settled.then((entry) => replay(entry, notes))
  }

  #keep(key: string, entry: Entry): Entry {
    if (entry.until > this.#options.clock.monotonic()) this.#kept.keep(key, entry)
    return entry
  }

  #ask(token: string, audiences: readonly string[] | undefined): Entry | Promise<Entry> {
    const { clock, metrics } = this.#options
    const recorder = new Recorder()
    const settle = (answer: Authentication): Entry => this.#entryOf(answer, recorder)
    const over = metrics?.waiting('in_flight')
    const began = clock.monotonic()
    const fetched = (entry?: Entry): void => {
      over?.()
      metrics?.fetched(entry !== undefined && !(entry.answer && 'error' in entry.answer))
      metrics?.missed(clock.monotonic() - began)
    }
    try {
      const answer = this.#authenticator.authenticate(token, audiences, recorder)
      const entry = answer instanceof Promise ? answer.then(settle) : settle(answer)
      if (entry instanceof Promise) entry.then(fetched, () => fetched())
      else fetched(entry)
      return entry
    } catch (error) {
      fetched()
      throw error
    }
  }

  #entryOf(answer: Authentication, { warnings, annotations }: Recorder): Entry {
    const { clock, successMs, failureMs, keepErrors = true } = this.#options
    const failure = answer && 'error' in answer && !keepErrors ? 0 : failureMs
    const life = answer && 'user' in answer ? successMs : failure
    return { answer, warnings, annotations, until: clock.monotonic() + life }
  }

  /** Somebody else asks about the same token. */
  async #waited(shared: Promise<Entry>): Promise<Entry> {
    const { clock, metrics } = this.#options
    const began = clock.monotonic()
    const over = metrics?.waiting('blocked')
    return shared.finally(() => {
      over?.()
      metrics?.missed(clock.monotonic() - began)
    })
  }
}

/** Entries by key: so many, and of so many characters, as clients may fill memory with; the oldest go first. */
class KeptEntries {
  readonly #entries = new Map<string, Entry>()
  /** Of all keys. */
  #length = 0

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  keep(key: string, entry: Entry): void {
    const kept = keepable(key, longestKept)
    if (kept === undefined) return
    this.forget(key)
    this.#entries.set(kept, entry)
    this.#length += kept.length
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= mostEntries && this.#length <= mostKept) break
      this.forget(oldest)
    }
  }

  forget(key: string): void {
    if (this.#entries.delete(key)) this.#length -= key.length
  }
}

/** Tokens have no NUL in them, so that the parts can't be taken for another's. */
function keyOf(token: string, audiences: readonly string[] | undefined): string {
  return audiences === undefined ? token : `${token}\0${JSON.stringify(audiences)}`
}

function replay({ answer, warnings, annotations }: Entry, notes: Notes): Authentication {
  for (const text of warnings) notes.warn(text)
  for (const [key, value] of annotations) notes.annotate(key, value)
  return answer
}

class Recorder implements Notes {
  readonly warnings: string[] = []
  readonly annotations: (readonly [string, string])[] = []

  warn(text: string): void {
    this.warnings.push(text)
  }

  annotate(key: string, value: string): void {
    this.annotations.push([key, value])
  }
}
