import { servicecidrs } from '#api/networking/v1'
import type { Condition } from '#api/meta/v1'
import type { ServiceCIDR } from '#api/networking/v1'
import { deepEqual } from '#base'
import type { Client } from '#client'
import { timestamp } from '../registry/metadata.ts'
import type { Services } from '../services.ts'
import { ensure } from './ensure.ts'
import type { Plan } from './ensure.ts'

/** Name of the ServiceCIDR that the server's own blocks make up. */
const defaultServiceCIDR = 'kubernetes'

/**
 * Writes the cluster's first ServiceCIDR where it is missing, adds a second family to it that came later, and says that
 * it is ready. One with other blocks than this server's is left alone.
 */
export async function ensureServiceCIDR(services: Services, client: Client): Promise<void> {
  const { cidrs } = services.serviceNetwork
  const read = (): ServiceCIDR | undefined =>
    services.peek<ServiceCIDR>('networking.k8s.io', 'servicecidrs', '', defaultServiceCIDR)
  await ensure<ServiceCIDR>({
    client,
    resource: servicecidrs,
    read,
    plan: (existing) => planServiceCIDR(existing, cidrs),
  })
  const existing = read()
  if (!existing || existing.metadata.deletionTimestamp !== undefined || !deepEqual(existing.spec?.cidrs, cidrs)) return
  const ready = existing.status?.conditions?.find(({ type }) => type === 'Ready')
  if (ready !== undefined && ready.status !== 'Unknown') return
  // A reason is what the API wants of a condition, and what this one has never had.
  const condition = {
    type: 'Ready',
    status: 'True',
    lastTransitionTime: timestamp(services.clock.now()),
    message: 'Kubernetes default Service CIDR is ready',
  } as Condition
  const object = {
    kind: 'ServiceCIDR',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name: defaultServiceCIDR },
    status: { conditions: [condition] },
  } as const
  await client.apply(servicecidrs, object, {
    fieldManager: 'kubernetes-service-cidr-controller',
    force: true,
    subresource: 'status',
  })
}

function planServiceCIDR(existing: ServiceCIDR | undefined, cidrs: readonly string[]): Plan<ServiceCIDR> {
  const [first] = cidrs
  if (!existing) return { action: 'create', object: { metadata: { name: defaultServiceCIDR }, spec: { cidrs } } }
  const extended = cidrs.length === 2 && deepEqual(existing.spec?.cidrs, [first])
  return extended ? { action: 'update', object: { ...existing, spec: { cidrs } } } : { action: 'none' }
}
