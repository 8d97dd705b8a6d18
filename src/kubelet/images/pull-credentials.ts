import type { Pod, Secret } from '#api/core/v1'
import type { CredentialPlugins } from '../credentials/plugins.ts'
import type { Credential } from './credential.ts'
import { Keyring } from './keyring.ts'
import { loginsOf, type Logins } from './logins.ts'

export interface PullCredentialsOptions {
  /** Logins of the node itself, which all its pods may use; none when absent. */
  readonly ofNode?: () => Promise<Logins>
  /** Programs that know credentials; none when absent. */
  readonly plugins?: CredentialPlugins
}

/** Where credentials for pulls come from: the pod's pull secrets first, then the node's logins, then its plugins. */
export class PullCredentials {
  readonly #options: PullCredentialsOptions

  constructor(options: PullCredentialsOptions = {}) {
    this.#options = options
  }

  /**
   * @param repository with registry, without tag.
   * @returns what is tried in turn.
   * @throws SyntaxError when a secret holds no JSON.
   */
  async of(repository: string, pod: Pod, secrets: readonly Secret[]): Promise<readonly Credential[]> {
    const { ofNode, plugins } = this.#options
    const fromSecrets = new Keyring()
    for (const secret of secrets) {
      const { uid = '', namespace = '', name = '' } = secret.metadata
      fromSecrets.add(loginsOf(secret), { kind: 'secret', secret: { uid, namespace, name } })
    }
    const fromNode = new Keyring()
    if (ofNode) fromNode.add(await ofNode(), { kind: 'node' })
    const fromPlugins = (await plugins?.keyring(repository, pod)) ?? new Keyring()
    return [fromSecrets, fromNode, fromPlugins].flatMap((keyring) => keyring.lookup(repository))
  }
}
