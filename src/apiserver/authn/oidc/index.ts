import { sleep } from '#base'
import type { Authentication, TokenAuthenticator } from '../authenticator.ts'
import type { CompiledIssuer } from '../configuration/validate.ts'
import { IssuerSet } from './authenticator.ts'
import type { IssuersOptions } from './authenticator.ts'

/** Milliseconds for which issuers that were replaced serve requests under way. */
const graceMs = 60_000
/** Between two looks at whether new issuers are there. */
const pollMs = 1000

/** Issuers whose tokens are taken; they may be replaced while the server runs. */
export class Issuers implements TokenAuthenticator {
  readonly #options: IssuersOptions
  #current: IssuerSet
  /** Let go of issuers that were replaced a short while ago. */
  readonly #retiring = new Set<() => void>()

  constructor(issuers: readonly CompiledIssuer[], options: IssuersOptions) {
    this.#options = options
    this.#current = new IssuerSet(issuers, options)
  }

  authenticate(token: string): Authentication | Promise<Authentication> {
    return this.#current.authenticate(token)
  }

  /**
   * Takes the tokens of these issuers in the place of the ones before, once keys of all of them are there.
   * @throws Error when they are not until the signal aborts; then nothing changes
   */
  async replace(issuers: readonly CompiledIssuer[], signal: AbortSignal): Promise<void> {
    const { clock, record } = this.#options
    const next = new IssuerSet(issuers, this.#options)
    for (let problem = next.problem; problem !== undefined; problem = next.problem) {
      if (signal.aborted) {
        next.stop()
        throw new Error(problem)
      }
      await sleep(clock, pollMs, signal).catch(() => undefined)
    }
    const previous = this.#current
    this.#current = next
    const retire = (): void => {
      this.#retiring.delete(retire)
      cancel()
      previous.stop()
      for (const url of previous.urls) if (!this.#current.urls.includes(url)) record?.removed(url)
    }
    const cancel = clock.timer(graceMs, retire)
    this.#retiring.add(retire)
  }

  /** Nobody is asked any more. */
  stop(): void {
    for (const retire of this.#retiring) retire()
    this.#current.stop()
  }
}
