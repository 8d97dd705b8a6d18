import { join } from 'node:path'
import { nodes } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import type { Logger } from '#base'
import type { Client } from '#client'
import { publicKeyAnnotation, publicKeyOf, wireguardKeys } from './keys.ts'
import type { WireguardKeys } from './keys.ts'
import type { SecurePeer, Tunnel } from './peers.ts'
import { applyWireguard, hasWireguard, removeWireguard } from './wireguard.ts'

export interface EncryptionOptions {
  /** Writes the node. */
  readonly client: Client
  /** Folder of what the node keeps for itself. */
  readonly directory: string
  readonly namespace: string | undefined
  readonly logger: Logger
}

/**
 * What a node encrypts for others, and they for it: both where both have told their keys, and nothing else. A node tells
 * its key when it can use it, and once there is somebody on another segment.
 */
export class Encryption {
  readonly #options: EncryptionOptions
  /** Absent where there is nothing to use them with; `unknown` while nobody has looked. */
  #keys: WireguardKeys | 'unknown' | undefined = 'unknown'

  constructor(options: EncryptionOptions) {
    this.#options = options
  }

  /** Whether others can know the key that this node uses. */
  isAgreed(own: Node): boolean {
    return this.#keys !== 'unknown' && this.#keys !== undefined && publicKeyOf(own) === this.#keys.publicKey
  }

  /** Makes the node tell the key that it uses, or none where it has no use for one. @throws StatusError */
  async offer(own: Node): Promise<void> {
    const { client, directory, namespace, logger } = this.#options
    if (this.#keys === 'unknown') {
      this.#keys = (await hasWireguard(namespace)) ? wireguardKeys(join(directory, 'wireguard.pem')) : undefined
      logger.info(
        this.#keys ? 'Packets to nodes on other segments are encrypted' : 'No WireGuard here, nothing is encrypted',
      )
    }
    const key = this.#keys?.publicKey
    if (own.metadata.annotations?.[publicKeyAnnotation] === key) return
    const { name = '' } = own.metadata
    const patch = { metadata: { annotations: { [publicKeyAnnotation]: key ?? null } } }
    await client.patch(nodes, { name }, { type: 'merge', patch })
  }

  /** @returns whether the tunnel is as it shall be; the node encrypts nothing from then on where it is not. */
  async apply(tunnel: Tunnel<SecurePeer>): Promise<boolean> {
    const { namespace, logger, directory } = this.#options
    const file = join(directory, 'wireguard.conf')
    try {
      if (this.#keys === undefined || this.#keys === 'unknown') await removeWireguard(namespace)
      else await applyWireguard(tunnel, { privateKey: this.#keys.privateKey, file }, namespace)
      return true
    } catch (error) {
      logger.error('Encrypted tunnel to nodes on other segments could not be made', { error: String(error) })
      this.#keys = undefined
      return false
    }
  }
}
