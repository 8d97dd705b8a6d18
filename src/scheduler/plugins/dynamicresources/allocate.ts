import type { NodeSelector } from '#api/core/v1'
import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceClass,
  DeviceRequest,
  DeviceRequestAllocationResult,
  DeviceSelector,
  DeviceToleration,
  ResourceClaim,
} from '#api/resource/v1'
import { deepEqual } from '#base'
import type { Devices, ReachableDevice } from './pools.ts'
import { attributeOf } from './selectors.ts'
import type { DeviceSelectors } from './selectors.ts'

/** Most devices that one claim may get. */
const maxDevices = 32

export interface AllocationContext {
  readonly devices: Devices
  /** Devices that claims have already, by `driver/pool/device`. */
  readonly taken: ReadonlySet<string>
  readonly classOf: (name: string) => DeviceClass | undefined
  readonly selectors: DeviceSelectors
}

/** One way to meet a request. */
interface Alternative {
  /** `request`, or `request/subrequest`. */
  readonly name: string
  readonly className: string
  readonly selectors: readonly DeviceSelector[]
  readonly all: boolean
  readonly count: number
  readonly adminAccess: boolean
  readonly tolerations: readonly DeviceToleration[]
}

interface Chosen {
  readonly alternative: Alternative
  readonly device: ReachableDevice
}

/** Finds devices for all claims together, or none at all. @throws Error when a selector can't be evaluated. */
export function allocate(
  claims: readonly ResourceClaim[],
  context: AllocationContext,
): readonly AllocationResult[] | undefined {
  const taken = new Set(context.taken)
  const results: AllocationResult[] = []
  const next = (index: number): boolean => {
    const claim = claims[index]
    if (!claim) return true
    return new ClaimSearch(claim, context, taken).run((chosen) => {
      results[index] = resultOf(claim, chosen, context)
      return next(index + 1)
    })
  }
  return next(0) ? results : undefined
}

/** Tries devices for the requests of one claim, one after the other, and goes back where that leads nowhere. */
class ClaimSearch {
  readonly #claim: ResourceClaim
  readonly #context: AllocationContext
  readonly #taken: Set<string>
  readonly #chosen: Chosen[] = []

  constructor(claim: ResourceClaim, context: AllocationContext, taken: Set<string>) {
    this.#claim = claim
    this.#context = context
    this.#taken = taken
  }

  run(done: (chosen: readonly Chosen[]) => boolean): boolean {
    return this.#request(0, done)
  }

  #request(index: number, done: (chosen: readonly Chosen[]) => boolean): boolean {
    const request = this.#claim.spec.devices?.requests?.[index]
    if (!request) return done(this.#chosen)
    return alternativesOf(request).some((alternative) => {
      const candidates = this.#candidates(alternative)
      const count = alternative.all ? candidates.length : alternative.count
      if (alternative.all && (this.#context.devices.incomplete || count === 0)) return false
      if (candidates.length < count || this.#chosen.length + count > maxDevices) return false
      return this.#pick(alternative, candidates, 0, count, () => this.#request(index + 1, done))
    })
  }

  #pick(
    alternative: Alternative,
    candidates: readonly ReachableDevice[],
    from: number,
    left: number,
    then: () => boolean,
  ): boolean {
    if (left === 0) return then()
    for (let i = from; i <= candidates.length - left; i++) {
      const device = candidates[i]!
      const exclusive = !alternative.adminAccess
      if (exclusive && this.#taken.has(device.id)) {
        if (alternative.all) return false
        continue
      }
      this.#chosen.push({ alternative, device })
      if (exclusive) this.#taken.add(device.id)
      if (this.#meetsConstraints() && this.#pick(alternative, candidates, i + 1, left - 1, then)) return true
      this.#chosen.pop()
      if (exclusive) this.#taken.delete(device.id)
      if (alternative.all) return false
    }
    return false
  }

  #candidates(alternative: Alternative): readonly ReachableDevice[] {
    const { devices, classOf, selectors } = this.#context
    const { namespace, name } = this.#claim.metadata
    const given = [
      [`class ${alternative.className}`, classOf(alternative.className)?.spec.selectors ?? []] as const,
      [`claim ${namespace}/${name}`, alternative.selectors] as const,
    ]
    return devices.devices.filter(
      ({ device, driver }) =>
        given.every(([whose, list]) =>
          list.every(
            ({ cel }, i) =>
              cel === undefined || selectors.matches(cel.expression, driver, device, `${whose}: selector #${i}`),
          ),
        ) &&
        (device.taints ?? []).every(
          (taint) => taint.effect === 'None' || alternative.tolerations.some((one) => tolerates(one, taint)),
        ),
    )
  }

  #meetsConstraints(): boolean {
    return (this.#claim.spec.devices?.constraints ?? []).every(({ requests, matchAttribute, distinctAttribute }) => {
      const name = matchAttribute ?? distinctAttribute
      if (name === undefined) return true
      const values = this.#chosen
        .filter(({ alternative }) => !requests || requests.length === 0 || names(requests, alternative.name))
        .map(({ device: { device, driver } }) => attributeOf(device, name, driver))
      if (values.includes(undefined)) return false
      if (matchAttribute !== undefined) return values.every((value) => deepEqual(value, values[0]))
      return values.every((value, i) => values.findIndex((other) => deepEqual(other, value)) === i)
    })
  }
}

/** Whether a list of requests means one: by its name, or with all its subrequests. */
function names(requests: readonly string[], name: string): boolean {
  return requests.includes(name) || requests.includes(name.split('/')[0] ?? '')
}

function alternativesOf(request: DeviceRequest): readonly Alternative[] {
  const { exactly, firstAvailable = [], name } = request
  if (exactly) return [alternative(name, exactly, exactly.adminAccess === true)]
  return firstAvailable.map((sub) => alternative(`${name}/${sub.name}`, sub, false))
}

function alternative(
  name: string,
  request: {
    readonly deviceClassName: string
    readonly selectors?: readonly DeviceSelector[]
    readonly allocationMode?: string
    readonly count?: number
    readonly tolerations?: readonly DeviceToleration[]
  },
  adminAccess: boolean,
): Alternative {
  return {
    name,
    className: request.deviceClassName,
    selectors: request.selectors ?? [],
    all: request.allocationMode === 'All',
    count: request.count ?? 1,
    adminAccess,
    tolerations: request.tolerations ?? [],
  }
}

function tolerates(
  { key, operator = 'Equal', value = '', effect }: DeviceToleration,
  taint: { readonly key: string; readonly value?: string; readonly effect: string },
): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  return operator === 'Exists' || value === (taint.value ?? '')
}

function resultOf(claim: ResourceClaim, chosen: readonly Chosen[], context: AllocationContext): AllocationResult {
  const results = chosen.map(({ alternative, device }): DeviceRequestAllocationResult => ({
    request: alternative.name,
    driver: device.driver,
    pool: device.pool,
    device: device.device.name,
    ...(alternative.adminAccess ? { adminAccess: true } : {}),
    ...(alternative.tolerations.length > 0 ? { tolerations: alternative.tolerations } : {}),
  }))
  const config = configOf(claim, chosen, context)
  const nodeSelector = selectorFor(chosen)
  return {
    devices: { results, ...(config.length > 0 ? { config } : {}) },
    ...(nodeSelector ? { nodeSelector } : {}),
  }
}

/** What drivers are told: first what the classes say, then what the claim does. */
function configOf(
  claim: ResourceClaim,
  chosen: readonly Chosen[],
  { classOf }: AllocationContext,
): readonly DeviceAllocationConfiguration[] {
  const used = new Map(chosen.map(({ alternative }) => [alternative.name, alternative.className]))
  const fromClasses = [...used].flatMap(([request, className]) =>
    (classOf(className)?.spec.config ?? []).map((config): DeviceAllocationConfiguration => ({
      source: 'FromClass',
      requests: [request],
      ...config,
    })),
  )
  const fromClaim = (claim.spec.devices?.config ?? [])
    .filter(({ requests = [] }) => requests.length === 0 || [...used.keys()].some((name) => names(requests, name)))
    .map((config): DeviceAllocationConfiguration => ({ source: 'FromClaim', ...config }))
  return [...fromClasses, ...fromClaim]
}

/** The nodes that reach all devices: one node where any device is bound to it, else those that all selectors mean. */
function selectorFor(chosen: readonly Chosen[]): NodeSelector | undefined {
  const local = chosen.find(({ device }) => device.nodeName !== undefined)?.device.nodeName
  if (local !== undefined) {
    const matchFields = [{ key: 'metadata.name', operator: 'In' as const, values: [local] }]
    return { nodeSelectorTerms: [{ matchFields }] }
  }
  const selectors = chosen.flatMap(({ device }) => (device.nodeSelector ? [device.nodeSelector] : []))
  const [first, ...others] = selectors
  if (!first) return undefined
  const merged = { ...first.nodeSelectorTerms[0] }
  for (const { nodeSelectorTerms } of others) {
    const [term] = nodeSelectorTerms
    const { matchExpressions = [], matchFields = [] } = merged
    const missing = (term?.matchExpressions ?? []).filter((one) => !matchExpressions.some((two) => deepEqual(one, two)))
    merged.matchExpressions = [...matchExpressions, ...missing]
    if (term?.matchFields) merged.matchFields = [...matchFields, ...term.matchFields]
  }
  return { nodeSelectorTerms: [merged] }
}
