import { messageOf } from '#base'
import { isReservedFor } from '#client'
import type { Node, NodeSelector, Pod } from '#api/core/v1'
import { deviceclasses, resourceclaims, resourceslices } from '#api/resource/v1'
import type { AllocationResult, ResourceClaim, ResourceSlice } from '#api/resource/v1'
import { amountOf, durationMillis, matchesNodeSelector } from '#machinery'
import { deviceClassesOf, mayBeDevices } from '../../cache/device-classes.ts'
import type { PodInfo } from '../../cache/pod-info.ts'
import type { CycleState, StateKey } from '../../framework/cycle-state.ts'
import type { QueueingHint } from '../../framework/events.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { normalizeToMax } from '../../framework/normalize.ts'
import { failed, unresolvable, unschedulable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { names } from '../names.ts'
import { allocate, NodeError } from './allocate.ts'
import { bound, hasBindingConditions, isHopeless } from './binding-conditions.ts'
import { DeviceUse } from './device-use.ts'
import { extendedAnnotation, extendedClaim } from './extended.ts'
import type { ExtendedClaim } from './extended.ts'
import { newId } from './new-id.ts'
import { claimsOfPod } from './pod-claims.ts'
import { poolOf, poolsOn } from './pools.ts'
import { alternativesOf } from './requests.ts'
import { DeviceSelectors } from './selectors.ts'
import { deallocateClaim, releaseClaim, reserveClaim } from './write-claims.ts'
import { deleteExtended, tellOfExtended } from './write-extended.ts'

interface State {
  readonly claims: readonly ResourceClaim[]
  readonly missing: readonly ResourceClaim[]
  /** Allocations that would be made, by node. */
  readonly byNode: Map<string, readonly AllocationResult[]>
  /** Claims whose devices some node does not reach. */
  readonly unavailable: Set<ResourceClaim>
  readonly extended: Extended | undefined
  node?: string
}

/** Extended resources of a pod, some of which devices stand for. */
interface Extended {
  readonly resources: readonly string[]
  /** A claim that an attempt before left behind. */
  readonly stale: ResourceClaim | undefined
  /** What would be claimed, by node. */
  readonly byNode: Map<string, ExtendedClaim>
  /** What was claimed. */
  made?: ResourceClaim
}

const stateKey: StateKey<State> = { name: names.dynamicResources }
const notAvailable = unresolvable(names.dynamicResources, 'resourceclaim not available on the node')
const cannotAllocate = unresolvable(names.dynamicResources, 'cannot allocate all claims')
const noneToFree = unschedulable(names.dynamicResources, 'no new claims to deallocate')

/** Durations as Go writes them. */
interface Timeouts {
  readonly bindingTimeout?: string
  readonly filterTimeout?: string
}

const byNode = 'scheduler/node'
const byPool = 'scheduler/pool'
/** Stands for slices that may concern every node. */
const shared = ''

function nodeOf({ spec }: ResourceSlice): string {
  return spec.nodeName !== undefined && !spec.sharedCounters?.length ? spec.nodeName : shared
}

/** How many alternatives a request has at most. */
const maxAlternatives = 8

/** The more, the earlier in their lists the alternatives are that were allocated. */
function preferenceOf(
  claims: readonly ResourceClaim[],
  missing: readonly ResourceClaim[],
  found: readonly AllocationResult[],
): number {
  let score = 0
  for (const claim of claims) {
    const allocation = claim.status?.allocation ?? found[missing.indexOf(claim)]
    const given = new Set(allocation?.devices?.results?.map(({ request }) => request))
    for (const request of claim.spec.devices?.requests ?? []) {
      if (request.exactly) continue
      alternativesOf(request).forEach(({ name }, i) => {
        if (given.has(name)) score += maxAlternatives - i
      })
    }
  }
  return score
}

/** Stands for a claim that is not made yet. */
const extendedKey = (pod: string): string => `extended/${pod}`

const byPod = 'scheduler/pod'

function podOf({ metadata }: ResourceClaim): string | undefined {
  return metadata.ownerReferences?.find(({ controller, kind }) => controller === true && kind === 'Pod')?.uid
}

const uses = new WeakMap<object, DeviceUse>()

/** What all profiles of a scheduler give away. */
function deviceUse({ cache, informers }: PluginContext): DeviceUse {
  const known = uses.get(cache)
  if (known) return known
  const use = new DeviceUse()
  uses.set(cache, use)
  informers.informer(resourceclaims).addHandler({
    added: (claim) => use.claimChanged(undefined, claim),
    updated: (old, claim) => use.claimChanged(old, claim),
    deleted: (claim) => use.claimChanged(claim, undefined),
  })
  return use
}

/** Gives pods the devices that their resource claims ask for (KEP-4381). */
export function createDynamicResources(context: PluginContext): Plugin {
  const { client, clock, informers, log } = context
  const claimInformer = informers.informer(resourceclaims)
  const slices = informers.informer(resourceslices)
  slices.addIndexer(byNode, nodeOf)
  slices.addIndexer(byPool, poolOf)
  const classes = informers.informer(deviceclasses).lister
  const deviceClasses = deviceClassesOf(context.cache, informers)
  claimInformer.addIndexer(byPod, podOf)
  const selectors = new DeviceSelectors()
  const { bindingTimeout = '600s', filterTimeout = '10s' } = context.args as Timeouts
  const timeoutMs = durationMillis(bindingTimeout)
  const filterMs = durationMillis(filterTimeout)
  const use = deviceUse(context)
  const refuse = (reason: string): Status => unresolvable(names.dynamicResources, reason)

  const slicesFor = function* (nodeName: string): Iterable<ResourceSlice> {
    yield* slices.lister.byIndex(byNode, nodeName)
    yield* slices.lister.byIndex(byNode, shared)
  }

  /** Why a claim that has no devices yet can't get any. */
  const problemWith = (claim: ResourceClaim): string | undefined => {
    const { namespace, name } = claim.metadata
    if (use.isPending(claim.metadata.uid ?? '')) {
      return `resource claim ${namespace}/${name} is in the process of being allocated`
    }
    for (const request of claim.spec.devices?.requests ?? []) {
      const wanted = request.exactly
        ? [[request.name, request.exactly.deviceClassName] as const]
        : (request.firstAvailable ?? []).map((sub) => [`${request.name}/${sub.name}`, sub.deviceClassName] as const)
      if (wanted.length === 0) {
        return `resource claim ${namespace}/${name}, request ${request.name}: unknown request type`
      }
      const unknown = wanted.find(([, className]) => !classes.get({ name: className }))
      if (unknown) return `request ${unknown[0]}: device class ${unknown[1]} does not exist`
    }
    return undefined
  }

  const extendedOf = ({ pod, uid, requests }: PodInfo): Extended | undefined => {
    const resources = requests.ids.map((id) => context.cache.resources.nameOf(id)).filter(mayBeDevices)
    if (!resources.some((name) => deviceClasses.classFor(name))) return undefined
    const made = [...claimInformer.lister.byIndex(byPod, uid)]
    const stale = made.find(({ metadata }) => metadata.annotations?.[extendedAnnotation] === 'true')
    return { resources, stale: pod.metadata.uid === undefined ? undefined : stale, byNode: new Map() }
  }

  /** What devices have to stand for on a node that has none of it otherwise, or why the node won't do. */
  const neededOn = ({ resources, stale }: Extended, { status }: Node): readonly string[] | Status => {
    if (stale) return refuse('cannot schedule extended resource claim')
    const needed: string[] = []
    for (const name of resources) {
      const text = status?.allocatable?.[name]
      if (deviceClasses.classFor(name) && (text === undefined || amountOf(text).isZero())) needed.push(name)
      else if (text === undefined) return refuse('cannot fit resource')
    }
    return needed
  }

  const allocateOn = (
    state: State,
    claims: readonly ResourceClaim[],
    node: Node,
    nodeName: string,
  ): Status | undefined => {
    try {
      const end = clock.monotonic() + filterMs
      const found = allocate(claims, {
        pools: poolsOn(node, slicesFor(nodeName), (pool) => slices.lister.byIndex(byPool, pool)),
        use,
        classOf: (name) => classes.get({ name }),
        selectors,
        nodeName,
        newId: () => newId(clock),
        keepGoing: () => {
          if (filterMs > 0 && clock.monotonic() > end) {
            throw new Error(`node ${nodeName}: timed out trying to allocate devices`)
          }
        },
      })
      if (!found) return cannotAllocate
      state.byNode.set(nodeName, found)
      return undefined
    } catch (error) {
      const message = messageOf(error)
      return error instanceof NodeError ? refuse(message) : failed(names.dynamicResources, message)
    }
  }

  const afterClaimChange = (pod: Pod, old: object | undefined, current: object | undefined): QueueingHint => {
    const before = old as ResourceClaim | undefined
    const after = current as ResourceClaim
    const found = claimsOfPod(pod, claimInformer.lister)
    if ('problem' in found) return 'skip'
    if (before?.status?.allocation && !after.status?.allocation) return 'queue'
    return found.claims.some(({ metadata }) => metadata.uid === after.metadata.uid) ? 'queue' : 'skip'
  }

  const dropExtended = (claim: ResourceClaim): void => {
    void deleteExtended(client, clock, claim).catch((error: unknown) => {
      log.warn('Claim was not deleted', { claim: claim.metadata.name, error })
    })
  }

  const freeClaim = (cycle: CycleState, pod: Pod): Status => {
    const state = cycle.read(stateKey)
    // PreFilter was not reached.
    if (!state) return failed(names.dynamicResources, 'not found')
    if (state.claims.length === 0 && !state.extended) return noneToFree
    for (const claim of state.unavailable) {
      const reserved = claim.status?.reservedFor ?? []
      if (reserved.length > 1 || (reserved.length === 1 && reserved[0]?.uid !== pod.metadata.uid)) continue
      void deallocateClaim(client, claim).catch((error: unknown) => {
        log.warn('Claim was not deallocated', { claim: claim.metadata.name, error })
      })
      return unschedulable(names.dynamicResources, 'deallocation of ResourceClaim completed')
    }
    if (state.extended?.stale) {
      dropExtended(state.extended.stale)
      return unschedulable(names.dynamicResources, 'deletion of ResourceClaim completed')
    }
    return unschedulable(names.dynamicResources, 'still not schedulable')
  }

  /** Drivers tell in the claims when devices are bound. */
  const awaitDevices = async (
    pod: Pod,
    node: string,
    reserved: readonly ResourceClaim[],
    signal: AbortSignal,
  ): Promise<void> => {
    context.recordEvent({
      regarding: pod,
      type: 'Normal',
      reason: 'BindingConditionsPending',
      action: 'Scheduling',
      note: `waiting for binding conditions for device on node ${node}`,
    })
    // What was written may not be seen yet; of what is seen, nothing older counts.
    const current = (): readonly ResourceClaim[] =>
      reserved.map((claim) => {
        const { namespace = '', name = '' } = claim.metadata
        const seen = claimInformer.lister.get({ namespace, name })
        return seen?.status?.allocation && isReservedFor(seen, pod) ? seen : claim
      })
    await bound(current, { clock, timeoutMs, signal })
  }

  return {
    name: names.dynamicResources,
    events: [
      { resource: 'Node', actions: ['Add', 'UpdateNodeLabel', 'UpdateNodeAllocatable'] },
      { resource: 'ResourceClaim', actions: ['Add', 'Update'], hint: afterClaimChange },
      {
        resource: 'Pod',
        actions: ['UpdatePodGeneratedResourceClaim'],
        hint: (pod, _old, current) =>
          (current as Pod).metadata.uid === pod.metadata.uid && 'claims' in claimsOfPod(pod, claimInformer.lister)
            ? 'queue'
            : 'skip',
      },
      { resource: 'DeviceClass', actions: ['Add', 'Update'] },
      { resource: 'ResourceSlice', actions: ['Add', 'Update'] },
    ],
    preEnqueue(pod) {
      const found = claimsOfPod(pod, claimInformer.lister)
      return 'problem' in found ? refuse(found.problem) : undefined
    },
    preFilter(cycle, info) {
      const { pod, shape } = info
      const none = { claims: [], missing: [], byNode: new Map(), unavailable: new Set<ResourceClaim>() }
      const found: ReturnType<typeof claimsOfPod> = shape.hasClaims
        ? claimsOfPod(pod, claimInformer.lister)
        : { claims: [] }
      if ('problem' in found) {
        cycle.write<State>(stateKey, { ...none, extended: undefined })
        return { status: refuse(found.problem) }
      }
      const { claims } = found
      const missing = claims.filter(({ status }) => status?.allocation === undefined)
      const problem = missing.map(problemWith).find((reason) => reason !== undefined)
      // A claim that can't be allocated is none that could be freed.
      const extended = problem === undefined ? extendedOf(info) : undefined
      cycle.write<State>(stateKey, { ...none, ...(problem === undefined ? { claims, missing } : {}), extended })
      if (problem !== undefined) return { status: refuse(problem) }
      return claims.length === 0 && !extended ? { skip: true } : undefined
    },
    filter(cycle, { pod }, { name, node }) {
      const state = cycle.read(stateKey)
      if (!state || !node) return undefined
      const { extended } = state
      const needed = extended ? neededOn(extended, node) : []
      if ('code' in needed) return needed
      let available = true
      for (const claim of state.claims) {
        const selector: NodeSelector | undefined = claim.status?.allocation?.nodeSelector
        const isNear = !selector || matchesNodeSelector(selector, node)
        if (isNear && !isHopeless(claim, clock.now(), timeoutMs)) continue
        state.unavailable.add(claim)
        available = false
      }
      const claims = [...state.missing]
      if (extended && needed.length > 0) {
        const wanted = extendedClaim(pod, needed, (resource) => deviceClasses.classFor(resource)?.metadata.name)
        extended.byNode.set(name, wanted)
        claims.push(wanted.claim)
      }
      if (claims.length > 0) {
        const refused = allocateOn(state, claims, node, name)
        if (refused) return refused
      }
      return available ? undefined : notAvailable
    },
    preScore: (_cycle, { shape }) => !shape.hasClaims,
    score(cycle, _pod, { name }) {
      const state = cycle.read(stateKey)
      return state ? preferenceOf(state.claims, state.missing, state.byNode.get(name) ?? []) : 0
    },
    normalize: (_cycle, _pod, scores, count) => normalizeToMax(scores, count, false),
    postFilter: (cycle, { pod }) => ({ status: freeClaim(cycle, pod) }),
    reserve(cycle, { uid }, node) {
      const state = cycle.read(stateKey)
      if (!state || (state.claims.length === 0 && !state.extended)) return undefined
      state.node = node
      const results = state.byNode.get(node) ?? []
      state.missing.forEach(({ metadata }, i) => {
        const result = results[i]
        if (result) use.reserve(metadata.uid ?? '', result)
      })
      const more = results[state.missing.length]
      if (more) use.reserve(extendedKey(uid), more)
      return undefined
    },
    unreserve(cycle, { pod, uid }) {
      const state = cycle.read(stateKey)
      use.release(extendedKey(uid))
      if (state?.extended?.made) {
        use.release(state.extended.made.metadata.uid ?? '')
        dropExtended(state.extended.made)
      }
      for (const { metadata } of state?.missing ?? []) use.release(metadata.uid ?? '')
      for (const claim of state?.claims ?? []) {
        const current = claimInformer.lister.get({
          namespace: claim.metadata.namespace ?? '',
          name: claim.metadata.name ?? '',
        })
        if (!current || !isReservedFor(current, pod)) continue
        void releaseClaim(client, current, pod).catch((error: unknown) => {
          log.warn('Claim was not released', { claim: claim.metadata.name, error })
        })
      }
    },
    needsPreBind(cycle, { pod }) {
      const state = cycle.read(stateKey)
      if (!state) return false
      return (state.extended?.byNode.size ?? 0) > 0 || state.claims.some((claim) => !isReservedFor(claim, pod))
    },
    async preBind(cycle, { pod, uid }, node, signal) {
      const state = cycle.read(stateKey)
      if (!state) return undefined
      const results = state.byNode.get(node) ?? []
      try {
        const reserved: ResourceClaim[] = []
        for (const claim of state.claims) {
          const at = state.missing.indexOf(claim)
          const write = { client, clock, signal }
          reserved.push(
            isReservedFor(claim, pod) ? claim : await reserveClaim(claim, pod, at < 0 ? undefined : results[at], write),
          )
        }
        const more = results[state.missing.length]
        const wanted = state.extended?.byNode.get(node)
        if (state.extended && wanted && more) {
          const made = await client.create(resourceclaims, wanted.claim, { signal })
          state.extended.made = made
          use.reserve(made.metadata.uid ?? '', more)
          use.release(extendedKey(uid))
          const claim = await reserveClaim(made, pod, more, { client, clock, signal })
          await tellOfExtended(client, pod, claim, wanted, signal)
          reserved.push(claim)
        }
        if (reserved.some(hasBindingConditions)) await awaitDevices(pod, node, reserved, signal)
      } catch (error) {
        return failed(names.dynamicResources, messageOf(error))
      }
      return undefined
    },
  }
}
