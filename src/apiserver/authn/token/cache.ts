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
  { clock, successMs, failureMs, keepErrors = true, metrics }: TokenCacheOptions,
): TokenAuthenticator {
  const entries = new Map<string, Entry>()
  const pending = new Map<string, Promise<Entry>>()
  /** Of all keys. */
  let length = 0

  const forget = (key: string): void => {
    if (entries.delete(key)) length -= key.length
  }
  const keep = (key: string, entry: Entry): Entry => {
    if (entry.until > clock.monotonic()) {
      const kept = keepable(key, longestKept)
      if (kept === undefined) return entry
      forget(key)
      entries.set(kept, entry)
      length += kept.length
      for (const oldest of entries.keys()) {
        if (entries.size <= mostEntries && length <= mostKept) break
        forget(oldest)
      }
    }
    return entry
  }
  const ask = (token: string, audiences: readonly string[] | undefined): Entry | Promise<Entry> => {
    const recorder = new Recorder()
    const settle = (answer: Authentication): Entry => {
      const failure = answer && 'error' in answer && !keepErrors ? 0 : failureMs
      const life = answer && 'user' in answer ? successMs : failure
      const { warnings, annotations } = recorder
      return { answer, warnings, annotations, until: clock.monotonic() + life }
    }
    const over = metrics?.waiting('in_flight')
    const began = clock.monotonic()
    const fetched = (entry?: Entry): void => {
      over?.()
      metrics?.fetched(entry !== undefined && !(entry.answer && 'error' in entry.answer))
      metrics?.missed(clock.monotonic() - began)
    }
    try {
      const answer = authenticator.authenticate(token, audiences, recorder)
      const entry = answer instanceof Promise ? answer.then(settle) : settle(answer)
      if (entry instanceof Promise) entry.then(fetched, () => fetched())
      else fetched(entry)
      return entry
    } catch (error) {
      fetched()
      throw error
    }
  }
  /** Somebody else asks about the same token. */
  const waited = async (shared: Promise<Entry>): Promise<Entry> => {
    const began = clock.monotonic()
    const over = metrics?.waiting('blocked')
    return shared.finally(() => {
      over?.()
      metrics?.missed(clock.monotonic() - began)
    })
  }
  return {
    authenticate(token, audiences, notes) {
      const key = keyOf(token, audiences)
      const known = entries.get(key)
      if (known && known.until > clock.monotonic()) {
        metrics?.hit()
        return replay(known, notes)
      }
      forget(key)
      const shared = pending.get(key)
      if (shared) return waited(shared).then((entry) => replay(entry, notes))
      const asked = ask(token, audiences)
      if (!(asked instanceof Promise)) return replay(keep(key, asked), notes)
      const settled = asked.then((entry) => keep(key, entry)).finally(() => pending.delete(key))
      pending.set(key, settled)
      return settled.then((entry) => replay(entry, notes))
    },
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
