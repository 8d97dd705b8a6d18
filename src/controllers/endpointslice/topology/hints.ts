import type { Node } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { EventType } from '#client'
import { draftOf, endpointsOf } from '../slices.ts'
import type { AddressType, Draft, SlicePlan } from '../slices.ts'
import { isReadyEndpoint, removeHints } from '../traffic-distribution.ts'
import { add, allocate, cpuShares, isOverloaded, moves } from './zones.ts'
import type { Allocation, Counts } from './zones.ts'

export interface HintEvent {
  readonly type: EventType
  readonly reason: string
  readonly message: string
}

/** Shares the endpoints of Services out over zones, by the CPUs that zones have (KEP-2433). Remembers what it gave. */
export class TopologyHints {
  #shares: ReadonlyMap<string, number> | undefined
  readonly #given = new Map<string, Map<AddressType, Counts>>()
  readonly #populated = new Set<string>()

  /** @returns keys of Services whose endpoints are no longer shared out well. */
  setNodes(nodes: Iterable<Node>): string[] {
    this.#shares = cpuShares(nodes)
    return [...this.#given]
      .filter(([, byType]) => [...byType.values()].some((counts) => isOverloaded(counts, this.#shares)))
      .map(([key]) => key)
  }

  /** Gives hints to the endpoints of a plan; `unchanged` slices that have wrong ones join it. */
  addHints(key: string, type: AddressType, plan: SlicePlan, unchanged: readonly EndpointSlice[]): HintEvent[] {
    const allocations = allocate(this.#shares, readyCount([...plan.create, ...plan.update, ...unchanged]))
    const giveUp = (message: string): HintEvent[] => {
      this.remove(key, type)
      removeHints(plan, unchanged)
      return [disabled(message, type)]
    }
    if (typeof allocations === 'string') return giveUp(allocations)
    const counts: Counts = new Map()
    for (const slice of unchanged) {
      const given = givenBy(slice, counts, allocations)
      if (!given) plan.update.push(draftOf(slice))
      else for (const [zone, count] of given) add(counts, zone, count)
    }
    const drafts = [...plan.create, ...plan.update]
    for (const draft of drafts) {
      if (draft.endpoints.some((each) => isReadyEndpoint(each) && !each.zone)) {
        return giveUp('One or more endpoints do not have a zone specified')
      }
      draft.endpoints = draft.endpoints.map((endpoint) => {
        if (!isReadyEndpoint(endpoint) || !endpoint.zone) return endpoint
        add(counts, endpoint.zone, 1)
        return { ...endpoint, hints: { forZones: [{ name: endpoint.zone }] } }
      })
    }
    redistribute(drafts, moves(allocations, counts), counts)
    if (counts.size === 0) return giveUp('No hints allocated for zones')
    const known = this.#given.get(key) ?? new Map<AddressType, Counts>()
    this.#given.set(key, known.set(type, counts))
    if (this.#populated.has(key)) return []
    this.#populated.add(key)
    const message = `Topology Aware Hints has been enabled, addressType: ${type}`
    return [{ type: 'Normal', reason: 'TopologyAwareHintsEnabled', message }]
  }

  /** Forgets the hints of a Service that asks for none. */
  dropHints(key: string, type: AddressType): HintEvent[] {
    const had = this.#populated.has(key)
    this.remove(key, type)
    return had ? [disabled('Topology Aware Hints has been disabled', type)] : []
  }

  remove(key: string, type: AddressType): void {
    const known = this.#given.get(key)
    known?.delete(type)
    if (known?.size === 0) this.#given.delete(key)
    this.#populated.delete(key)
  }
}

function disabled(message: string, type: AddressType): HintEvent {
  return { type: 'Warning', reason: 'TopologyAwareHintsDisabled', message: `${message}, addressType: ${type}` }
}

function readyCount(slices: readonly Pick<EndpointSlice, 'endpoints'>[]): number {
  return slices.reduce((sum, slice) => sum + endpointsOf(slice).filter(isReadyEndpoint).length, 0)
}

/** Endpoints that a slice gives to zones; `undefined` when it has to be done again. */
function givenBy(
  slice: EndpointSlice,
  counts: Counts,
  allocations: ReadonlyMap<string, Allocation>,
): Counts | undefined {
  const given: Counts = new Map()
  for (const endpoint of endpointsOf(slice).filter(isReadyEndpoint)) {
    const zones = endpoint.hints?.forZones ?? []
    if (zones.length === 0) return undefined
    for (const { name } of zones) {
      if (!allocations.has(name)) return undefined
      add(given, name, 1)
    }
  }
  for (const [zone, count] of given) {
    if (count + (counts.get(zone) ?? 0) > (allocations.get(zone)?.maximum ?? 0)) return undefined
  }
  return given
}

function redistribute(
  drafts: readonly Draft[],
  { giving, receiving }: { readonly giving: Counts; readonly receiving: Counts },
  counts: Counts,
): void {
  for (const draft of drafts) {
    draft.endpoints = draft.endpoints.map((endpoint) => {
      const { zone } = endpoint
      const receiver = [...receiving.keys()][0]
      if (!isReadyEndpoint(endpoint) || !zone || receiver === undefined || !giving.has(zone)) return endpoint
      take(giving, zone)
      take(receiving, receiver)
      add(counts, receiver, 1)
      add(counts, zone, -1)
      return { ...endpoint, hints: { forZones: [{ name: receiver }] } }
    })
  }
}

function take(counts: Counts, zone: string): void {
  const left = (counts.get(zone) ?? 0) - 1
  if (left > 0) counts.set(zone, left)
  else counts.delete(zone)
}
