import { messageOf } from '#base'
import type { Clock } from '#base'
import type { Pod } from '#api/core/v1'
import { sha256Hex } from '#machinery'
import type { CredentialSource } from '../images/credential.ts'
import { locationCovers } from '../images/location.ts'
import type { Logins } from '../images/logins.ts'
import type { CredentialMetrics } from '../metrics/credential-metrics.ts'
import type { RunProgram } from '../seams/credential-programs.ts'
import type { PodAccount, PodAccounts } from './accounts.ts'
import { cacheKey, LoginCache } from './cache.ts'
import type { CredentialProvider } from './config.ts'
import { readResponse, writeRequest, type CredentialResponse } from './exchange.ts'

export interface CredentialPluginOptions {
  readonly provider: CredentialProvider
  readonly run: RunProgram
  readonly accounts: PodAccounts
  readonly clock: Clock
  readonly metrics: CredentialMetrics
}

export interface ProvidedLogins {
  readonly logins: Logins
  /** The pod's service account where it was asked for; everybody's else. */
  readonly source: CredentialSource
}

/** Milliseconds that a program has for an answer. */
const timeoutMs = 60_000

/** One program that knows credentials. What it answers is kept as long as it says. */
export class CredentialPlugin {
  readonly #options: CredentialPluginOptions
  readonly #cache: LoginCache
  /** By what they were asked: who asks the same meanwhile gets the same. */
  readonly #running = new Map<string, Promise<CredentialResponse>>()

  constructor(options: CredentialPluginOptions) {
    this.#options = options
    this.#cache = new LoginCache(options.clock)
  }

  /** @returns `undefined` where the plugin is not to be asked. @throws Error when it gave no usable answer. */
  async provide(image: string, pod: Pod): Promise<ProvidedLogins | undefined> {
    const { provider } = this.#options
    if (!provider.matchImages.some((location) => locationCovers(location, image))) return undefined
    const account = await this.#account(pod)
    if (account === 'unfit') return undefined
    const source: CredentialSource = account
      ? { kind: 'serviceAccount', serviceAccount: account.identity }
      : { kind: 'node' }
    const accountKey = account ? this.#accountKey(account) : ''
    const logins = this.#cache.get(image, accountKey) ?? (await this.#ask(image, account, accountKey))
    return { logins, source }
  }

  async #account(pod: Pod): Promise<PodAccount | 'unfit' | undefined> {
    const { provider, accounts } = this.#options
    const { tokenAttributes } = provider
    if (!tokenAttributes) return undefined
    const account = await accounts.of(pod, tokenAttributes)
    if (account !== 'none') return account
    return tokenAttributes.requireServiceAccount ? 'unfit' : undefined
  }

  /** For whom an answer holds. */
  #accountKey({ identity, annotations, token }: PodAccount): string {
    const byToken = this.#options.provider.tokenAttributes?.cacheType === 'Token' ? [sha256Hex(token)] : []
    const { namespace, name, uid } = identity
    return JSON.stringify([namespace, name, uid, annotations, ...byToken])
  }

  async #ask(image: string, account: PodAccount | undefined, accountKey: string): Promise<Logins> {
    const { provider } = this.#options
    const response = await this.#runOnce(image, account).catch((cause: unknown) => {
      const text = `failed to get credential from external registry credential provider: ${messageOf(cause)}`
      throw new Error(text, { cause })
    })
    const { auth: logins = {}, cacheDuration: lifetimeMs = provider.defaultCacheDuration } = response
    if (account && provider.tokenAttributes?.cacheType !== 'Token') refuseEcho(logins, account.token)
    const key = cacheKey(response.cacheKeyType ?? '', image)
    if (lifetimeMs !== 0) this.#cache.put(key, accountKey, { logins, lifetimeMs })
    return logins
  }

  #runOnce(image: string, account: PodAccount | undefined): Promise<CredentialResponse> {
    const key = JSON.stringify([image, account && [sha256Hex(account.token), account.annotations]])
    const known = this.#running.get(key)
    if (known) return known
    const running = this.#run(image, account).finally(() => this.#running.delete(key))
    this.#running.set(key, running)
    return running
  }

  async #run(image: string, account: PodAccount | undefined): Promise<CredentialResponse> {
    const { provider, run, clock, metrics } = this.#options
    const { name, apiVersion, args = [], env = [] } = provider
    const annotations = account?.annotations ?? {}
    const input = writeRequest(apiVersion, {
      image,
      ...(account ? { serviceAccountToken: account.token } : {}),
      ...(Object.keys(annotations).length > 0 ? { serviceAccountAnnotations: annotations } : {}),
    })
    const began = clock.monotonic()
    let output: string
    try {
      output = await run({ name, args, env, input, timeoutMs })
    } catch (cause) {
      metrics.failed(name)
      const text = `error execing credential provider plugin ${name} for image ${image}: ${messageOf(cause)}`
      throw new Error(text, { cause })
    } finally {
      metrics.ran(name, clock.monotonic() - began)
    }
    return readResponse(apiVersion, output)
  }
}

/** Credentials that are the pod's own token are not for other pods of the account. */
function refuseEcho(logins: Logins, token: string): void {
  if (Object.values(logins).every(({ password }) => password !== token)) return
  throw new Error(
    "credential provider plugin returned the service account token as the password which is not allowed when service account cache type is not set to 'Token'",
  )
}
