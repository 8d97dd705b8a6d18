import { Mutex } from '#base'
import type { Clock, Logger } from '#base'
import { aggregate, quote } from '#machinery'
import { newUid, timestamp } from '../../registry/metadata.ts'
import type { Ciphers } from '../ciphers.ts'
import type { EncryptionMetrics } from '../metrics.ts'
import { hashText, keyIdProblem, objectProblem } from './checks.ts'
import type { EncryptedKey, KmsService, KmsStatus } from './service.ts'

export interface KmsProviderOptions {
  readonly name: string
  readonly service: KmsService
  readonly clock: Clock
  readonly logger: Logger
  readonly ciphers: Ciphers
  readonly metrics: EncryptionMetrics
  /** Hears that values can be sealed and opened from now on. */
  readonly onReady: () => void
}

/** What values are sealed with: a seed that only the plugin can tell from what is stored of it. */
export interface KmsState {
  readonly seed: Uint8Array
  readonly encrypted: EncryptedKey
  /** Milliseconds since 1970 until which values may be sealed with it. */
  readonly expires: number
}

/** A failure, told like a value. */
type Failure = Error | undefined

const goodForMs = 20_000
const badForMs = 3_000
const healthyPauseMs = 60_000
const failingPauseMs = 10_000
/** A plugin that does not answer stops writes after this time: by then it is known whether it took another key. */
const sealsForMs = 180_000
const seedSize = 32
const versions = ['v2', 'v2beta1']

/**
 * A KMS plugin and the seed it keeps (KEP-3299). The plugin is asked again and again which key it encrypts with; when that
 * is another, a new seed is made.
 */
export class KmsProvider {
  readonly name: string
  readonly #options: KmsProviderOptions
  readonly #oneAtATime = new Mutex()
  #state: KmsState | undefined
  #version = ''
  #last: { readonly failure: Failure; readonly until: number } = { failure: undefined, until: -Infinity }
  #cancel: () => void = () => {}
  #closed = false

  constructor(options: KmsProviderOptions) {
    this.name = options.name
    this.#options = options
  }

  /** What values are sealed with, and what tells stale ones. @throws Error as long as the plugin was never well. */
  get state(): KmsState {
    if (!this.#state) throw new Error('got unexpected nil transformer')
    return this.#state
  }

  /** @throws Error when values can't be sealed because the plugin did not answer for too long. */
  sealingState(): KmsState {
    const { state } = this
    const now = this.#options.clock.now()
    if (now > state.expires) {
      const times = `expired at ${timestamp(state.expires)} (current time is ${timestamp(now)})`
      throw new Error(`encryptedDEKSource with keyID hash ${quote(hashText(state.encrypted.keyId))} ${times}`)
    }
    return state
  }

  /** Why the plugin is not well; `undefined` when it is. An answer holds for a while. */
  check(): Promise<Error | undefined> {
    return this.#oneAtATime.run(async () => {
      const { clock } = this.#options
      if (clock.monotonic() < this.#last.until) return this.#last.failure
      let status: KmsStatus
      try {
        status = await this.#options.service.status()
      } catch (error) {
        this.#remember(error as Error)
        const what = 'failed to perform status section of the healthz check for KMS Provider'
        return new Error(`${what} ${this.name}, error: ${(error as Error).message}`, { cause: error })
      }
      const failure = await this.#examine(status)
      this.#remember(failure)
      return failure
    })
  }

  /** Keeps an eye on the plugin until it is closed. */
  watch(): void {
    const pauseMs = this.#last.failure ? failingPauseMs : healthyPauseMs
    this.#cancel = this.#options.clock.timer(pauseMs, () => void this.#look())
  }

  async #look(): Promise<void> {
    const failure = await this.check()
    if (this.#closed) return
    if (failure) this.#options.logger.warn('KMS plugin is not well', { provider: this.name, error: failure.message })
    this.watch()
  }

  /** Asks the plugin for a key or seed. @throws Error */
  decrypt(key: EncryptedKey): Promise<Uint8Array> {
    const { service, clock } = this.#options
    return service.decrypt(newUid(clock), key)
  }

  close(): void {
    this.#closed = true
    this.#cancel()
    this.#options.service.close()
  }

  #remember(failure: Failure): void {
    this.#last = { failure, until: this.#options.clock.monotonic() + (failure ? badForMs : goodForMs) }
  }

  async #examine({ healthz, version, keyId }: KmsStatus): Promise<Failure> {
    const { metrics } = this.#options
    const problems: string[] = []
    if (healthz !== 'ok') problems.push(`got unexpected healthz status: ${healthz}`)
    if (!versions.includes(version)) problems.push(`expected KMSv2 API version v2, got ${version}`)
    else if (this.#version === '') this.#version = version
    else if (this.#version !== version) {
      const what = 'KMSv2 API version should not change after the initial status response version'
      problems.push(`${what} ${this.#version}, got ${version}`)
    }
    const wrongKey = keyIdProblem(keyId)
    if (wrongKey) {
      metrics.invalidKeyId(this.name, wrongKey.code)
      problems.push(`got invalid KMSv2 KeyID hash ${quote(hashText(keyId))}: ${wrongKey.problem}`)
    } else {
      metrics.keySeen(this.name, keyId)
      const failed = await this.#follow(keyId)
      if (failed !== undefined) problems.push(failed)
    }
    if (problems.length === 0) return undefined
    return new Error(`kmsv2 Provider ${this.name} is not healthy, error: ${aggregate(problems)}`)
  }

  /** Makes a new seed if the plugin's key is another; else the old one is good for a while longer. */
  async #follow(keyId: string): Promise<string | undefined> {
    const { clock, ciphers, metrics, service } = this.#options
    const expires = clock.now() + sealsForMs
    const before = this.#state
    if (before?.encrypted.keyId === keyId) {
      this.#state = { ...before, expires }
      return undefined
    }
    const uid = newUid(clock)
    const start = metrics.now()
    const seed = ciphers.randomBytes(seedSize)
    metrics.keyMade(start)
    let encrypted: EncryptedKey | undefined
    let problem: string | undefined
    try {
      encrypted = await service.encrypt(uid, seed)
      problem = objectProblem({ ...encrypted, data: Uint8Array.of(0), source: 'seed' })
      if (problem !== undefined) encrypted = undefined
    } catch (error) {
      problem = `failed to encrypt DEK, error: ${(error as Error).message}`
    }
    if (encrypted?.keyId === keyId) {
      this.#state = { seed, encrypted, expires }
      if (!before) this.#options.onReady()
      return undefined
    }
    const facts = [
      `uid=${quote(uid)}`,
      'useSeed=true',
      `errState=${before ? '<nil>' : 'got unexpected nil transformer'}`,
      `errGen=${problem ?? '<nil>'}`,
      `statusKeyIDHash=${quote(hashText(keyId))}`,
      `encryptKeyIDHash=${quote(hashText(encrypted?.keyId ?? ''))}`,
      `stateKeyIDHash=${quote(hashText(before?.encrypted.keyId ?? ''))}`,
      `expirationTimestamp=${before ? timestamp(before.expires) : '0001-01-01T00:00:00Z'}`,
    ]
    return `failed to rotate DEK ${facts.join(', ')}`
  }
}
