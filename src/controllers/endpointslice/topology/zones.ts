import type { Node } from '#api/core/v1'
import { Quantity } from '#machinery'

const zoneLabel = 'topology.kubernetes.io/zone'

/** How much more than its share a zone's endpoints may have to carry. */
const overload = 0.2

/** Endpoints that a zone has to get. */
export interface Allocation {
  readonly minimum: number
  readonly maximum: number
  readonly desired: number
}

export type Counts = Map<string, number>

/** Share of each zone in the CPUs of the ready nodes; `undefined` where a node does not tell, or there is but one zone. */
export function cpuShares(nodes: Iterable<Node>): ReadonlyMap<string, number> | undefined {
  const byZone = new Map<string, number>()
  let total = 0
  for (const { metadata, status } of nodes) {
    const labels = metadata.labels ?? {}
    if ('node-role.kubernetes.io/control-plane' in labels || 'node-role.kubernetes.io/master' in labels) continue
    if (status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True') continue
    const cpu = Quantity.parse(status.allocatable?.['cpu'] ?? '0').milliValue()
    const zone = labels[zoneLabel]
    if (!zone || cpu === 0) return undefined
    byZone.set(zone, (byZone.get(zone) ?? 0) + cpu)
    total += cpu
  }
  if (total === 0 || byZone.size < 2) return undefined
  return new Map([...byZone].map(([zone, cpu]) => [zone, cpu / total]))
}

/** Endpoints for each zone by its share, or why that can't be. */
export function allocate(
  shares: ReadonlyMap<string, number> | undefined,
  endpoints: number,
): ReadonlyMap<string, Allocation> | string {
  if (!shares) {
    return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes'
  }
  const counts = `(${endpoints} endpoints, ${shares.size} zones)`
  if (shares.size > endpoints) return `Insufficient number of endpoints ${counts}`
  const minimums = new Map<string, { readonly minimum: number; readonly desired: number }>()
  let total = 0
  for (const [zone, share] of shares) {
    const desired = share * endpoints
    const minimum = Math.ceil(desired * (1 / (1 + overload)))
    minimums.set(zone, { minimum, desired: Math.max(desired, minimum) })
    total += minimum
    if (total > endpoints) {
      return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${counts}`
    }
  }
  return new Map([...minimums].map(([zone, each]) => [zone, { ...each, maximum: each.minimum + endpoints - total }]))
}

/** Whether the endpoints of some zone have to carry more than they may. */
export function isOverloaded(counts: Counts, shares: ReadonlyMap<string, number> | undefined): boolean {
  if (counts.size === 0) return false
  if (!shares) return true
  let total = 0
  for (const count of counts.values()) total += count
  for (const [zone, share] of shares) {
    const count = counts.get(zone)
    if (count === undefined || count < Math.ceil(total * share * (1 / (1 + overload)))) return true
  }
  return false
}

/** How many endpoints zones that have too many give, and others receive. Both are emptied as endpoints move. */
export function moves(
  allocations: ReadonlyMap<string, Allocation>,
  counts: Counts,
): { readonly giving: Counts; readonly receiving: Counts } {
  const surplus: Counts = new Map()
  const lack: Counts = new Map()
  for (const [zone, { desired }] of allocations) {
    const count = counts.get(zone) ?? 0
    if (count > desired) surplus.set(zone, count - desired)
    else if (count < desired) lack.set(zone, desired - count)
  }
  const giving: Counts = new Map()
  const receiving: Counts = new Map()
  for (;;) {
    const giver = most(surplus)
    const receiver = most(lack)
    if (!giver || !receiver) break
    if ((giver.count < 1 && receiver.count < 1) || giver.count < 0.5 || receiver.count < 0.5) break
    surplus.set(giver.zone, giver.count - 1)
    lack.set(receiver.zone, receiver.count - 1)
    add(giving, giver.zone, 1)
    add(receiving, receiver.zone, 1)
  }
  return { giving, receiving }
}

export function add(counts: Counts, zone: string, difference: number): void {
  counts.set(zone, (counts.get(zone) ?? 0) + difference)
}

function most(counts: Counts): { readonly zone: string; readonly count: number } | undefined {
  let found: { readonly zone: string; readonly count: number } | undefined
  for (const [zone, count] of counts) if (count > (found?.count ?? 0)) found = { zone, count }
  return found
}
