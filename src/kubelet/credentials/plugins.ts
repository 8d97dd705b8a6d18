import { messageOf } from '#base'
import type { Clock, Logger } from '#base'
import type { Pod } from '#api/core/v1'
import type { Client } from '#client'
import { Keyring } from '../images/keyring.ts'
import type { CredentialMetrics } from '../metrics/credential-metrics.ts'
import type { TokenCache } from '../objects/tokens.ts'
import { formatPod, specOf } from '../pods/containers.ts'
import type { RunProgram } from '../seams/credential-programs.ts'
import { PodAccounts } from './accounts.ts'
import type { CredentialProvider } from './config.ts'
import { CredentialPlugin } from './plugin.ts'

/** The programs of a node that know credentials, as a CredentialProviderConfig names them. */
export interface ConfiguredProviders {
  readonly providers: readonly CredentialProvider[]
  /** Digest of the files that name them: `sha256:<hex>`. */
  readonly hash: string
  readonly run: RunProgram
}

export interface CredentialPluginsOptions extends ConfiguredProviders {
  readonly client: Client
  readonly tokens: TokenCache
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: CredentialMetrics
}

/** Asks all programs that know credentials for an image (KEP-2133). */
export class CredentialPlugins {
  readonly #log: Logger
  readonly #plugins: readonly (readonly [name: string, plugin: CredentialPlugin])[]

  constructor({ providers, hash, client, tokens, log, ...options }: CredentialPluginsOptions) {
    const accounts = new PodAccounts(client, tokens)
    this.#log = log
    this.#plugins = providers.map(
      (provider) => [provider.name, new CredentialPlugin({ ...options, provider, accounts })] as const,
    )
    options.metrics.configured(hash)
  }

  /** What they know, by location. Who fails is told of in the log, and the others count. */
  async keyring(image: string, pod: Pod): Promise<Keyring> {
    const keyring = new Keyring()
    for (const [name, plugin] of this.#plugins) {
      try {
        const provided = await plugin.provide(image, pod)
        if (provided) keyring.add(provided.logins, provided.source)
      } catch (error) {
        const serviceAccount = specOf(pod).serviceAccountName ?? ''
        const fields = { provider: name, image, pod: formatPod(pod), serviceAccount, error: messageOf(error) }
        this.#log.error('Failed to provide credentials for image', fields)
      }
    }
    return keyring
  }
}
