import type { Node, NodeSelector } from '#api/core/v1'
import type { Device, ResourceSlice } from '#api/resource/v1'
import { amountOf, matchesNodeSelector } from '#machinery'
import type { Quantity } from '#machinery'

/** A device that a node can reach. */
export interface ReachableDevice {
  /** `driver/pool/device`. */
  readonly id: string
  readonly driver: string
  readonly pool: string
  readonly device: Device
  /** From where the device can be reached; neither where from everywhere. */
  readonly nodeName?: string
  readonly nodeSelector?: NodeSelector
}

/** Amounts that devices of a pool share, by set of counters and name. */
export type Counters = ReadonlyMap<string, ReadonlyMap<string, Quantity>>

/** The devices of one driver's pool, as a node sees them. */
export interface Pool {
  /** `driver/pool`. */
  readonly id: string
  /** `incomplete`: it is being published just now. `invalid`: what is published contradicts itself. */
  readonly state: 'ready' | 'incomplete' | 'invalid'
  readonly devices: readonly ReachableDevice[]
  readonly counters: Counters
  /** All devices that may use the counters, wherever they are, by id. */
  readonly sharing: ReadonlyMap<string, Device>
}

export const poolOf = ({ spec }: ResourceSlice): string => `${spec.driver}/${spec.pool.name}`

/**
 * The pools that a node can reach, of their newest generations, in order of their names; those whose devices take a while
 * to be bound behind the others.
 *
 * @param slices at least those that may concern the node. @param sliceOf all slices of a pool
 */
export function poolsOn(
  node: Node,
  slices: Iterable<ResourceSlice>,
  slicesOf: (pool: string) => Iterable<ResourceSlice>,
): readonly Pool[] {
  const relevant = new Map<string, ResourceSlice[]>()
  for (const slice of slices) {
    if (!concerns(slice, node)) continue
    const id = poolOf(slice)
    const known = relevant.get(id)
    const newest = known?.[0]?.spec.pool.generation ?? -Infinity
    const { generation } = slice.spec.pool
    if (!known || generation > newest) relevant.set(id, [slice])
    else if (generation === newest) known.push(slice)
  }
  const [prompt, slow]: [Pool[], Pool[]] = [[], []]
  for (const [id, parts] of [...relevant].sort(([a], [b]) => byBytes(a, b))) {
    const pool = poolFrom(id, parts, node, slicesOf)
    if (!pool) continue
    const isSlow = pool.devices.some(({ device }) => device.bindingConditions !== undefined)
    const list = isSlow ? slow : prompt
    list.push(pool)
  }
  return [...prompt, ...slow]
}

function concerns({ spec }: ResourceSlice, node: Node): boolean {
  // Counters are needed wherever devices are that share them.
  if (spec.sharedCounters?.length) return true
  if (spec.perDeviceNodeSelection === true) return (spec.devices ?? []).some((device) => isReached(device, node))
  return isReached(spec, node)
}

interface Place {
  readonly nodeName?: string
  readonly nodeSelector?: NodeSelector
  readonly allNodes?: boolean
}

function isReached({ nodeName, nodeSelector, allNodes }: Place, node: Node): boolean {
  if (nodeName) return nodeName === node.metadata.name
  return allNodes === true || (nodeSelector !== undefined && matchesNodeSelector(nodeSelector, node))
}

/** `undefined` for a pool that is being replaced by devices that the node does not reach. */
function poolFrom(
  id: string,
  parts: readonly ResourceSlice[],
  node: Node,
  slicesOf: (pool: string) => Iterable<ResourceSlice>,
): Pool | undefined {
  const { generation, resourceSliceCount } = parts[0]!.spec.pool
  let all = parts
  if (parts.length !== resourceSliceCount) {
    const published = [...slicesOf(id)]
    if (published.some(({ spec }) => spec.pool.generation > generation)) return undefined
    all = published.filter(({ spec }) => spec.pool.generation === generation)
    if (all.length !== resourceSliceCount) return { ...empty, id, state: 'incomplete' }
  }
  const sharing = new Map<string, Device>()
  for (const { spec } of all) for (const device of spec.devices ?? []) sharing.set(`${id}/${device.name}`, device)
  const sorted = [...parts].sort((a, b) => byBytes(a.metadata.name ?? '', b.metadata.name ?? ''))
  const devices = sorted.flatMap((slice) => reachableIn(slice, node, id))
  const counters = countersOf(parts)
  const isValid = counters && hasUniqueNames(sorted) && all.every((slice) => consumesKnown(slice, counters))
  return isValid ? { id, state: 'ready', devices, counters, sharing } : { ...empty, id, state: 'invalid' }
}

const empty: Pick<Pool, 'devices' | 'counters' | 'sharing'> = { devices: [], counters: new Map(), sharing: new Map() }

function reachableIn({ spec }: ResourceSlice, node: Node, id: string): readonly ReachableDevice[] {
  return (spec.devices ?? []).flatMap((device) => {
    const place: Place = spec.perDeviceNodeSelection === true ? device : spec
    if (place === device && !isReached(device, node)) return []
    const { nodeName, nodeSelector } = place
    return [
      {
        id: `${id}/${device.name}`,
        driver: spec.driver,
        pool: spec.pool.name,
        device,
        ...(nodeName === undefined ? {} : { nodeName }),
        ...(nodeSelector === undefined ? {} : { nodeSelector }),
      },
    ]
  })
}

function hasUniqueNames(slices: readonly ResourceSlice[]): boolean {
  const names = slices.flatMap(({ spec }) => (spec.devices ?? []).map(({ name }) => name))
  return new Set(names).size === names.length
}

/** `undefined` where a set is there twice. */
function countersOf(slices: readonly ResourceSlice[]): Counters | undefined {
  const sets = new Map<string, ReadonlyMap<string, Quantity>>()
  for (const { spec } of slices) {
    for (const { name, counters } of spec.sharedCounters ?? []) {
      if (sets.has(name)) return undefined
      sets.set(name, new Map(Object.entries(counters).map(([counter, { value }]) => [counter, amountOf(value)])))
    }
  }
  return sets
}

function consumesKnown({ spec }: ResourceSlice, sets: Counters): boolean {
  return (spec.devices ?? []).every(({ consumesCounters = [] }) =>
    consumesCounters.every(({ counterSet, counters }) =>
      Object.keys(counters).every((name) => sets.get(counterSet)?.has(name) ?? false),
    ),
  )
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
