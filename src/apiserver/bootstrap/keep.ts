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

/** Milliseconds between two looks at what is kept. */
const leaseMs = 10_000
const networkMs = 10_000
const namespacesMs = 60_000
const flowControlMs = 60_000
const trustMs = 60_000
const repairMs = 180_000

/** What a server says of itself. */
export interface ServerSite {
  /** Of the server's machine. */
  readonly hostname: string
  /** Whom the server believes, where others are to know. */
  readonly trust: AuthenticationTrust | undefined
  /** Where the server is found, once that is known. */
  readonly address: () => AdvertisedAddress | undefined
}

interface Task {
  readonly what: string
  readonly everyMs: number
  readonly run: () => Promise<void>
}

/**
 * Keeps what every cluster has until the signal aborts: its namespaces, flow schemas and priority levels, the network of
 * services and the service of the API server itself; and what services have taken in line with what they have. What fails is
 * tried again the next time.
 */
export async function keepClusterObjects(
  services: Services,
  client: Client,
  { hostname, trust, address }: ServerSite,
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
  const trusting = (whom: AuthenticationTrust): Task => ({
    what: 'trust',
    everyMs: trustMs,
    run: () => ensureAuthenticationTrust(services, client, whom),
  })
  const tasks: readonly Task[] = [
    { what: 'identity of the server', everyMs: leaseMs, run: () => lease.renew(address()) },
    { what: 'network of services', everyMs: networkMs, run: network },
    { what: 'namespaces', everyMs: namespacesMs, run: () => ensureNamespaces(services, client) },
    { what: 'flow schemas', everyMs: flowControlMs, run: () => ensureFlowControl(services, client) },
    ...(trust ? [trusting(trust)] : []),
    { what: 'addresses and ports of services', everyMs: repairMs, run: () => repair.run() },
  ]
  await Promise.all(tasks.map((task) => repeat(task, services, signal)))
  const last = address()
  const others = last && !services.store.alwaysFresh ? await servers.leave(last.ip) : []
  if (last && others.length > 0) await ensureKubernetesService(services, client, others, last.port)
}

async function repeat({ what, everyMs, run }: Task, { clock, logger }: Services, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await run()
    } catch (error) {
      logger.warn('Objects of the cluster could not be kept', { what, error })
    }
    await sleep(clock, everyMs, signal).catch(() => undefined)
  }
}
