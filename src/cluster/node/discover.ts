import { configmaps } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import { sleep } from '#base'
import type { Clock } from '#base'
import type { Client } from '#client'
import { isForbidden, isNotFound, isUnauthorized } from '#machinery'
import { authorityHashes, parseClusterInfo, verifyClusterInfo } from '../joining/cluster-info.ts'
import { clusterInfo } from '../joining/names.ts'
import type { BootstrapToken } from '../joining/token.ts'
import { UserError } from '../user-error.ts'
import { withServer } from './connect.ts'

export interface DiscoveryOptions {
  /** `https://host:port`. */
  readonly server: string
  readonly token: BootstrapToken
  /** `sha256:<hex>` of the public key of the cluster's authority; it is not looked at when absent. */
  readonly hash?: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Milliseconds that the cluster gets to sign by a token that was just made, and between two looks. */
const patience = 10_000
const pause = 250

/**
 * Learns whom to trust. The server is asked without knowing it; that what it says is the cluster's own is proven by the
 * token, which both sides know, and by the hash where one is given. Then it is asked again as the one it says it is.
 *
 * @returns the authorities of the cluster, in PEM.
 * @throws UserError
 */
export async function discoverAuthority(options: DiscoveryOptions): Promise<string> {
  const { server, token, hash } = options
  const found = await withServer({ server, insecureSkipVerify: true }, (client) => signedInfo(client, options))
  const content = found.data?.['kubeconfig'] ?? ''
  const { authority } = readInfo(content, server)
  const hashes = authorityHashes(authority)
  if (hash !== undefined && !hashes.includes(hash.toLowerCase())) {
    throw new UserError(
      `the authority of the cluster at ${server} has the hash ${hashes.join(', ')}, wanted ${hash}: ` +
        'check the address and --ca-hash; if they are right, somebody is in between',
    )
  }
  const again = await withServer({ server, ca: { pem: authority } }, (client) => client.get(configmaps, clusterInfo))
  if (again.data?.['kubeconfig'] !== content || verifyClusterInfo(again, token) !== 'genuine') {
    throw new UserError(`the cluster at ${server} has changed while it was asked: join again`)
  }
  return authority
}

function readInfo(content: string, server: string): { readonly authority: string } {
  try {
    return parseClusterInfo(content)
  } catch (cause) {
    throw new UserError(`what the API server at ${server} says of its cluster can't be read: check the address`, {
      cause,
    })
  }
}

async function signedInfo(client: Client, options: DiscoveryOptions): Promise<ConfigMap> {
  const { server, token, clock, signal } = options
  const deadline = clock.monotonic() + patience
  for (;;) {
    const found = await client.get(configmaps, clusterInfo, { signal }).catch((error: unknown) => {
      if (!isNotFound(error) && !isForbidden(error) && !isUnauthorized(error)) throw error
      throw new UserError(
        `the API server at ${server} lets no machines join: it has to be started by k8ts server, or kubeadm`,
        { cause: error },
      )
    })
    const verdict = verifyClusterInfo(found, token)
    if (verdict === 'genuine') return found
    if (verdict === 'forged') {
      throw new UserError(
        `the cluster at ${server} knows another secret for the token ${token.id}: check --token, ` +
          'or make another with k8ts token create',
      )
    }
    if (clock.monotonic() > deadline) {
      throw new UserError(
        `the cluster at ${server} does not know the token ${token.id}, or it has expired: ` +
          'make another with k8ts token create',
      )
    }
    await sleep(clock, pause, signal)
  }
}
