import { deepEqual } from '#base'
import type { Lease } from '#api/coordination/v1'
import type { Node, NodeCondition, NodeStatus } from '#api/core/v1'
import { nodeCondition, timeOfMillis } from '#machinery'

/** Milliseconds without a sign of life. */
export interface HealthPatience {
  /** After which a node that was heard of is unknown. */
  readonly graceMs: number
  /** After which a node that never told its state is. */
  readonly startupGraceMs: number
}

/** What was last heard of a node. Times are of the controller's own clock, so that clocks of nodes do not matter. */
export interface NodeHealth {
  readonly status: NodeStatus
  readonly heardAt: number
  readonly lease: Lease | undefined
}

export interface HealthVerdict {
  readonly health: NodeHealth
  /** The condition `Ready` before the check. A node that has none counts as unknown since it was made. */
  readonly observed: NodeCondition
  /** The condition after it; `undefined` while a new node has not told any. */
  readonly current: NodeCondition | undefined
  /** What the conditions should be, when they have to be written. */
  readonly conditions: readonly NodeCondition[] | undefined
}

const watchedConditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const

/** Judges a node by its status and its lease. @param now milliseconds since 1970. */
export function judgeHealth(
  node: Node,
  lease: Lease | undefined,
  known: NodeHealth | undefined,
  patience: HealthPatience,
  now: number,
): HealthVerdict {
  const told = nodeCondition(node.status, 'Ready')
  const created = node.metadata.creationTimestamp ?? timeOfMillis(now)
  const observed: NodeCondition = told ?? {
    type: 'Ready',
    status: 'Unknown',
    lastHeartbeatTime: created,
    lastTransitionTime: created,
  }
  const heard = heardNow(node, told, known, now, Date.parse(created))
  const renewed = lease && isRenewed(heard.lease, lease)
  const health = renewed ? { ...heard, lease, heardAt: now } : heard
  const graceMs = told ? patience.graceMs : patience.startupGraceMs
  if (now <= health.heardAt + graceMs) return { health, observed, current: told, conditions: undefined }
  const conditions = unknownConditions(node, timeOfMillis(now))
  const current = conditions.find(({ type }) => type === 'Ready')
  if (deepEqual(current, observed)) return { health, observed, current, conditions: undefined }
  return { health: { ...health, status: { ...node.status, conditions } }, observed, current, conditions }
}

function heardNow(
  node: Node,
  told: NodeCondition | undefined,
  known: NodeHealth | undefined,
  now: number,
  created: number,
): NodeHealth {
  const status = node.status ?? {}
  if (!told) {
    if (!known) return { status, heardAt: created, lease: undefined }
    // What was told and is no longer there counts as news.
    if (nodeCondition(known.status, 'Ready')) return { status, heardAt: now, lease: undefined }
    return { ...known, status }
  }
  if (!known) return { status, heardAt: now, lease: undefined }
  const before = nodeCondition(known.status, 'Ready')
  if (before && before.lastHeartbeatTime === told.lastHeartbeatTime) return known
  return { status, heardAt: now, lease: undefined }
}

function isRenewed(known: Lease | undefined, lease: Lease): boolean {
  return !known || (known.spec?.renewTime ?? '') < (lease.spec?.renewTime ?? '')
}

/** The conditions of a node of which nobody knows anything. */
function unknownConditions({ status, metadata }: Node, now: string): readonly NodeCondition[] {
  const conditions = [...(status?.conditions ?? [])]
  for (const type of watchedConditions) {
    const known = conditions.findIndex((condition) => condition.type === type)
    const condition = conditions[known]
    if (!condition) {
      conditions.push({
        type,
        status: 'Unknown',
        ...(metadata.creationTimestamp === undefined ? {} : { lastHeartbeatTime: metadata.creationTimestamp }),
        lastTransitionTime: now,
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
      })
    } else if (condition.status !== 'Unknown') {
      conditions[known] = {
        ...condition,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: now,
      }
    }
  }
  return conditions
}
