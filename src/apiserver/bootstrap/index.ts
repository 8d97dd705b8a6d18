import { configmaps } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import { priorityclasses } from '#api/scheduling/v1'
import type { PriorityClass } from '#api/scheduling/v1'
import type { Client } from '#client'
import type { Resource } from '#api'
import type { KubeObject } from '#machinery'
import { timestamp } from '../registry/metadata.ts'
import type { Services } from '../services.ts'
import { ensureAuthenticationTrust } from './authentication-trust.ts'
import type { AuthenticationTrust } from './authentication-trust.ts'
import { ensure } from './ensure.ts'
import { ensureFlowControl } from './flowcontrol/index.ts'
import { ensureKubernetesService } from './kubernetes-service.ts'
import type { AdvertisedAddress } from './kubernetes-service.ts'
import { ensureNamespaces } from './namespaces.ts'
import { ensureRbac } from './rbac/index.ts'
import { Servers } from './servers.ts'
import { ensureServiceCIDR } from './service-network.ts'

export type { AuthenticationTrust } from './authentication-trust.ts'
export { keepClusterObjects } from './keep.ts'
export type { AdvertisedAddress } from './kubernetes-service.ts'

const priorityClasses: readonly PriorityClass[] = [
  {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
]

/** Since when a server watches the use of service account tokens that are kept in secrets, as a date. */
const tokenTracking = { namespace: 'kube-system', name: 'kube-apiserver-legacy-service-account-token-tracking' }

/**
 * Writes what every cluster has from its beginning and this one lacks: namespaces, the network of services, roles, bindings, flow schemas, priority levels,
 * priority classes. What is there is left alone but for what it lacks; all writes go out together.
 *
 * @param client of the server itself, see {@link loopbackClient}
 * @param address where the server is found; without one, no service stands for it
 * @param trust whom the server believes; without it, further API servers are told nothing
 * @throws StatusError when an object can't be written
 */
export async function bootstrap(
  services: Services,
  client: Client,
  address?: AdvertisedAddress,
  trust?: AuthenticationTrust,
): Promise<void> {
  await Promise.all([ensureNamespaces(services, client), ensureServiceCIDR(services, client)])
  const since = timestamp(services.clock.now()).slice(0, 10)
  await Promise.all([
    ensureRbac(services, client),
    ensureFlowControl(services, client),
    ...(address ? [tellOfServer(services, client, address)] : []),
    ...(trust ? [ensureAuthenticationTrust(services, client, trust)] : []),
    ...priorityClasses.map((object) => create(services, client, priorityclasses, object)),
    create<ConfigMap>(services, client, configmaps, { metadata: tokenTracking, data: { since } }),
  ])
}

async function tellOfServer(services: Services, client: Client, { ip, port }: AdvertisedAddress): Promise<void> {
  const { store, logger } = services
  try {
    await ensureKubernetesService(services, client, await new Servers(store).renew(ip), port)
  } catch (error) {
    if (store.alwaysFresh) throw error
    // Another server that starts at the same moment is at it too: the next look finds what is still missing.
    logger.info('The service of the API server waits for another server', { error })
  }
}

async function create<T extends KubeObject>(
  services: Services,
  client: Client,
  resource: Resource<T>,
  object: T,
): Promise<void> {
  const { name = '', namespace = '' } = object.metadata
  await ensure<T>({
    client,
    resource,
    read: () => services.peek<T>(resource.group, resource.plural, namespace, name),
    plan: (existing) => (existing ? { action: 'none' } : { action: 'create', object }),
  })
}
