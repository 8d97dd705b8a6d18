import type { AllocationResult, DeviceConstraint, ResourceClaim } from '#api/resource/v1'
import { deepEqual } from '#base'
import type { Amounts } from '#machinery'
import { consumedBy, hasRoom } from './capacity.ts'
import { CounterUse } from './counters.ts'
import type { DeviceUse } from './device-use.ts'
import type { Pool, ReachableDevice } from './pools.ts'
import { alternativesOf, means, toleratesAll } from './requests.ts'
import type { Alternative } from './requests.ts'
import { resultOf } from './result.ts'
import type { Chosen, ResultContext } from './result.ts'
import { attributeOf } from './selectors.ts'
import type { DeviceSelectors } from './selectors.ts'

/** Most devices that one claim may get. */
const maxDevices = 32

export interface AllocationContext extends ResultContext {
  readonly pools: readonly Pool[]
  readonly use: DeviceUse
  readonly selectors: DeviceSelectors
  /** Called again and again; throws when it has taken too long. */
  readonly keepGoing: () => void
}

/** Nothing can be found on this node; on others it may be. */
export class NodeError extends Error {
  readonly code = 'Node'
}

/** A device among those that may be tried. */
interface Candidate {
  readonly pool: Pool
  readonly device: ReachableDevice
}

/**
 * Finds devices for all claims together, or none at all: the first ones that do, in order of pools and of devices.
 *
 * @throws NodeError when the pools of the node contradict themselves; Error when the claims can't be allocated anywhere
 */
export function allocate(
  claims: readonly ResourceClaim[],
  context: AllocationContext,
): readonly AllocationResult[] | undefined {
  const found = new Search(claims, context).run()
  if (!found && context.pools.some(({ state }) => state === 'invalid')) {
    throw new NodeError('invalid resource pools were encountered')
  }
  return found
}

/** Tries devices for one request after the other, and goes back where that leads nowhere. */
class Search {
  readonly #claims: readonly ResourceClaim[]
  readonly #context: AllocationContext
  readonly #candidates: readonly Candidate[]
  readonly #chosen: readonly Chosen[][]
  /** Claims that get a device in this search, by its id. */
  readonly #allocating = new Map<string, Set<number>>()
  /** What this search takes of devices that are shared. */
  readonly #capacity = new Map<string, Amounts[]>()
  readonly #counters: CounterUse
  /** Whether a device is what a request asks for, by request and device. */
  readonly #matches = new Map<string, boolean>()

  constructor(claims: readonly ResourceClaim[], context: AllocationContext) {
    const { pools, use } = context
    this.#claims = claims
    this.#context = context
    this.#chosen = claims.map(() => [])
    this.#counters = new CounterUse((id) => use.isTaken(id) || use.isShared(id))
    this.#candidates = pools.flatMap((pool) => pool.devices.map((device) => ({ pool, device })))
  }

  run(): readonly AllocationResult[] | undefined {
    this.#checkWhole()
    if (!this.#claim(0)) return undefined
    return this.#claims.map((claim, index) => resultOf(claim, this.#chosen[index] ?? [], this.#context))
  }

  /** What asks for all devices needs to know them all. */
  #checkWhole(): void {
    const odd = this.#context.pools.find(({ state }) => state !== 'ready')
    if (!odd) return
    for (const claim of this.#claims) {
      for (const request of claim.spec.devices?.requests ?? []) {
        const greedy = alternativesOf(request).find(({ all }) => all)
        if (!greedy) continue
        const why = odd.state === 'incomplete' ? 'being updated' : 'invalid'
        const what = `asks for all devices, but resource pool ${odd.id} is currently ${why}`
        throw new Error(`claim ${keyOf(claim)}, request ${greedy.name.split('/').at(-1)}: ${what}`)
      }
    }
  }

  #claim(index: number): boolean {
    return index === this.#claims.length || this.#request(index, 0)
  }

  #request(claim: number, index: number): boolean {
    const request = this.#claims[claim]?.spec.devices?.requests?.[index]
    if (!request) return this.#claim(claim + 1)
    return alternativesOf(request).some((alternative) => {
      const candidates = alternative.all ? this.#allFor(claim, alternative) : this.#candidates
      const count = alternative.all ? candidates.length : alternative.count
      if (alternative.all && count === 0) return false
      if ((this.#chosen[claim]?.length ?? 0) + count > maxDevices) return false
      return this.#pick(claim, alternative, candidates, 0, count, () => this.#request(claim, index + 1))
    })
  }

  #allFor(claim: number, alternative: Alternative): readonly Candidate[] {
    return this.#candidates.filter(
      ({ device }) =>
        this.#isWanted(claim, alternative, device) && consumedBy(alternative.capacity, device.device) !== undefined,
    )
  }

  /** Chooses `left` more devices, of those from one place on: which of them is first makes no difference. */
  #pick(
    claim: number,
    alternative: Alternative,
    candidates: readonly Candidate[],
    from: number,
    left: number,
    then: () => boolean,
  ): boolean {
    this.#context.keepGoing()
    if (left === 0) return then()
    for (let i = from; i <= candidates.length - left; i++) {
      const candidate = candidates[i]!
      const undo = this.#take(claim, alternative, candidate)
      if (undo) {
        if (this.#pick(claim, alternative, candidates, i + 1, left - 1, then)) return true
        undo()
      }
      if (alternative.all) return false
    }
    return false
  }

  /** Takes a device for a request where that is possible; what is returned gives it back. */
  #take(claim: number, alternative: Alternative, { pool, device }: Candidate): (() => void) | undefined {
    const { use } = this.#context
    const { id } = device
    const mine = this.#allocating.get(id)
    const isTaken = alternative.adminAccess ? mine?.has(claim) : use.isTaken(id) || (mine?.size ?? 0) > 0
    if (isTaken === true || !this.#isWanted(claim, alternative, device)) return undefined
    if (!toleratesAll(alternative.tolerations, device.device.taints)) return undefined
    const consumed = consumedBy(alternative.capacity, device.device)
    const shares = this.#capacity.get(id) ?? []
    if (!consumed || !hasRoom(device.device, consumed, [use.consumedOf(id), ...shares])) return undefined
    const isShared = device.device.allowMultipleAllocations === true
    // Who has a share of it already has paid for the counters.
    const pays = !(isShared && (use.isShared(id) || shares.length > 0))
    if (pays && !this.#counters.take(pool, device.device)) return undefined
    const chosen = this.#chosen[claim]!
    chosen.push({ alternative, device, ...(isShared ? { share: consumed } : {}) })
    if (isShared) this.#capacity.set(id, [...shares, consumed])
    else this.#allocating.set(id, new Set(mine).add(claim))
    const undo = (): void => {
      chosen.pop()
      if (isShared) this.#capacity.set(id, shares)
      else this.#allocating.get(id)?.delete(claim)
      if (pays) this.#counters.giveBack(pool, device.device)
    }
    if (this.#meetsConstraints(claim)) return undo
    undo()
    if (!alternative.all) return undefined
    const what = `cannot add device ${id} because a claim constraint would not be satisfied`
    throw new Error(`claim ${keyOf(this.#claims[claim]!)}, request ${alternative.name}: ${what}`)
  }

  #isWanted(claim: number, alternative: Alternative, { id, driver, device }: ReachableDevice): boolean {
    const key = `${claim} ${alternative.name} ${id}`
    const known = this.#matches.get(key)
    if (known !== undefined) return known
    const { classOf, selectors } = this.#context
    const given = [
      [`class ${alternative.className}`, classOf(alternative.className)?.spec.selectors ?? []] as const,
      [`claim ${keyOf(this.#claims[claim]!)}`, alternative.selectors] as const,
    ]
    const matches = given.every(([whose, list]) =>
      list.every(
        ({ cel }, i) =>
          cel === undefined || selectors.matches(cel.expression, driver, device, `${whose}: selector #${i}`),
      ),
    )
    this.#matches.set(key, matches)
    return matches
  }

  #meetsConstraints(claim: number): boolean {
    const chosen = this.#chosen[claim] ?? []
    return (this.#claims[claim]?.spec.devices?.constraints ?? []).every((constraint) => isMet(constraint, chosen))
  }
}

function isMet(
  { requests = [], matchAttribute, distinctAttribute }: DeviceConstraint,
  all: readonly Chosen[],
): boolean {
  const name = matchAttribute ?? distinctAttribute
  if (name === undefined) throw new Error('empty constraint (unsupported constraint type?)')
  const values = all
    .filter(({ alternative }) => requests.length === 0 || means(requests, alternative.name))
    .map(({ device: { device, driver } }) => attributeOf(device, name, driver))
  if (values.includes(undefined)) return false
  if (matchAttribute !== undefined) return values.every((value) => deepEqual(value, values[0]))
  return values.every((value, i) => values.findIndex((other) => deepEqual(other, value)) === i)
}

const keyOf = ({ metadata }: ResourceClaim): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
