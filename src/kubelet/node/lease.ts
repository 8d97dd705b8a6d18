import { sleep } from '#base'
import type { Clock, Logger } from '#base'
import { leases } from '#api/coordination/v1'
import type { Lease } from '#api/coordination/v1'
import type { Node } from '#api/core/v1'
import type { Client } from '#client'
import { isAlreadyExists, isConflict, isNotFound, microTimeOfMillis } from '#machinery'

export interface LeaseOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly nodeName: string
  readonly durationSeconds: number
  /** The node, once it is registered: the lease goes when it goes. */
  readonly node: () => Node | undefined
}

const leaseNamespace = 'kube-node-lease'
/** Part of the lease's duration after which it is renewed. */
const renewFraction = 0.25
const retryMs = 1000

/** Keeps the node's lease: the sign that the agent lives. Ends when the signal aborts. */
export async function keepLease(options: LeaseOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, durationSeconds } = options
  const periodMs = durationSeconds * 1000 * renewFraction
  let lease: Lease | undefined
  while (!signal.aborted) {
    let wait = periodMs
    try {
      lease = await renew(options, lease)
      if (!lease) wait = Math.min(retryMs, periodMs)
    } catch (error) {
      // Somebody else has written, or has taken it away: read it anew.
      if (isConflict(error) || isNotFound(error)) lease = undefined
      else log.warn('The lease of the node could not be renewed', { error })
      wait = Math.min(retryMs, periodMs)
    }
    await sleep(clock, wait, signal).catch(() => {})
  }
}

/** @returns nothing while the node is not registered. */
async function renew(options: LeaseOptions, known: Lease | undefined): Promise<Lease | undefined> {
  const { client, clock, nodeName, durationSeconds } = options
  const spec = {
    holderIdentity: nodeName,
    leaseDurationSeconds: durationSeconds,
    renewTime: microTimeOfMillis(clock.now()),
  }
  const before = known ?? (await existing(options))
  const uid = options.node()?.metadata.uid
  const ownerReferences = uid === undefined ? [] : [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid }]
  if (before) {
    const isOwned = (before.metadata.ownerReferences ?? []).length > 0
    const metadata = isOwned || uid === undefined ? before.metadata : { ...before.metadata, ownerReferences }
    return client.update(leases, { ...before, metadata, spec: { ...before.spec, ...spec } })
  }
  // Without its node it would stay when that goes.
  if (uid === undefined) return undefined
  const lease: Lease = {
    kind: 'Lease',
    apiVersion: 'coordination.k8s.io/v1',
    metadata: { name: nodeName, namespace: leaseNamespace, ownerReferences },
    spec,
  }
  try {
    return await client.create(leases, lease)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return client.get(leases, { namespace: leaseNamespace, name: nodeName })
  }
}

async function existing({ client, nodeName }: LeaseOptions): Promise<Lease | undefined> {
  try {
    return await client.get(leases, { namespace: leaseNamespace, name: nodeName })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
