import { sleep } from '#base'
import type { Client } from '#client'
import { AllocationRepair } from '../resources/core/services/allocation/repair.ts'
import type { Services } from '../services.ts'
import { ensureAuthenticationTrust } from './authentication-trust.ts'
import type { AuthenticationTrust } from './authentication-trust.ts'
import { ensureFlowControl } from './flowcontrol/index.ts'
import { IdentityLease } from './identity-lease.ts'
import { ensureKubernetesService } from './kubernetes-service.ts'
import type { AdvertisedAddress } from './kubernetes-service.ts'
import { ensureNamespaces } from './namespaces.ts'
import { Servers } from './servers.ts'
import { ensureServiceCIDR } from './service-network.ts'

/** Milliseconds between two looks at the service of the API server and the addresses it is at. */
const networkInterval = 10_000
const leaseInterval = 10_000
const namespaceInterval = 60_000
const flowControlInterval = 60_000
const trustInterval = 60_000
const repairInterval = 180_000

/**
 * Keeps what every cluster has until the signal aborts: its namespaces, flow schemas and priority levels, the network of services and the service of the
 * API server itself; and what services have taken in line with what they have. What fails is tried again the next time.
 *
 * @param hostname of the server's machine
 * @param trust whom the server believes, where others are to know
 * @param address where the server is found, once that is known
 */
export async function keepClusterObjects(
  services: Services,
  client: Client,
  address: () => AdvertisedAddress | undefined,
  hostname: string,
  trust: AuthenticationTrust | undefined,
  signal: AbortSignal,
): Promise<void> {
  const lease = new IdentityLease(services, client, hostname)
  const repair = new AllocationRepair(services)
  const servers = new Servers(services.store)
  const network = async (): Promise<void> => {
    await ensureServiceCIDR(services, client)
    const at = address()
    if (at) await ensureKubernetesService(services, client, await servers.renew(at.ip), at.port)
  }
  await Promise.all([
    every(leaseInterval, 'identity of the server', () => lease.renew(address()), services, signal),
    every(networkInterval, 'network of services', network, services, signal),
    every(namespaceInterval, 'namespaces', () => ensureNamespaces(services, client), services, signal),
    every(flowControlInterval, 'flow schemas', () => ensureFlowControl(services, client), services, signal),
    ...(trust
      ? [every(trustInterval, 'trust', () => ensureAuthenticationTrust(services, client, trust), services, signal)]
      : []),
    every(repairInterval, 'addresses and ports of services', () => repair.run(), services, signal),
  ])
  const last = address()
  const others = last && !services.store.alwaysFresh ? await servers.leave(last.ip) : []
  if (last && others.length > 0) await ensureKubernetesService(services, client, others, last.port)
}

async function every(
  interval: number,
  what: string,
  task: () => Promise<void>,
  { clock, logger }: Services,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await task()
    } catch (error) {
      logger.warn('Objects of the cluster could not be kept', { what, error })
    }
    await sleep(clock, interval, signal).catch(() => undefined)
  }
}
