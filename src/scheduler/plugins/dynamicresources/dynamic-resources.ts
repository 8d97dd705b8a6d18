import type { Node, NodeSelector, Pod } from '#api/core/v1'
import { deviceclasses, resourceclaims, resourceslices } from '#api/resource/v1'
import type { AllocationResult, ResourceClaim } from '#api/resource/v1'
import type { CycleState, StateKey } from '../../framework/cycle-state.ts'
import type { QueueingHint } from '../../framework/events.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { failed, unresolvable, unschedulable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { matchesNodeSelector } from '../helper/node-affinity.ts'
import { names } from '../names.ts'
import { allocate } from './allocate.ts'
import { claimsOfPod, isReservedFor } from './pod-claims.ts'
import { devicesOn } from './pools.ts'
import { DeviceSelectors } from './selectors.ts'
import { deallocateClaim, releaseClaim, reserveClaim } from './write-claims.ts'

interface State {
  readonly claims: readonly ResourceClaim[]
  readonly missing: readonly ResourceClaim[]
  /** Allocations that would be made, by node. */
  readonly byNode: Map<string, readonly AllocationResult[]>
  /** Claims whose devices some node does not reach. */
  readonly unavailable: Set<ResourceClaim>
  node?: string
}

const stateKey: StateKey<State> = { name: names.dynamicResources }
const notAvailable = unresolvable(names.dynamicResources, 'resourceclaim not available on the node')
const cannotAllocate = unresolvable(names.dynamicResources, 'cannot allocate all claims')
const noneToFree = unschedulable(names.dynamicResources, 'no new claims to deallocate')

/** Gives pods the devices that their resource claims ask for (KEP-4381). */
export function createDynamicResources(context: PluginContext): Plugin {
  const { client, clock, informers, log } = context
  const claimInformer = informers.informer(resourceclaims)
  const slices = informers.informer(resourceslices).lister
  const classes = informers.informer(deviceclasses).lister
  const selectors = new DeviceSelectors()
  /** Allocations that are being written, by claim. */
  const pending = new Map<string, AllocationResult>()
  const refuse = (reason: string): Status => unresolvable(names.dynamicResources, reason)

  const takenDevices = (): ReadonlySet<string> => {
    const taken = new Set<string>()
    const take = (allocation: AllocationResult | undefined): void => {
      for (const { driver, pool, device, adminAccess } of allocation?.devices?.results ?? []) {
        if (adminAccess !== true) taken.add(`${driver}/${pool}/${device}`)
      }
    }
    for (const { status } of claimInformer.lister.list()) take(status?.allocation)
    for (const allocation of pending.values()) take(allocation)
    return taken
  }

  /** Why a claim that has no devices yet can't get any. */
  const problemWith = (claim: ResourceClaim): string | undefined => {
    const { namespace, name } = claim.metadata
    if (pending.has(claim.metadata.uid ?? '')) {
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

  const allocateOn = (state: State, node: Node, nodeName: string): Status | undefined => {
    try {
      const found = allocate(state.missing, {
        devices: devicesOn(node, slices.list()),
        taken: takenDevices(),
        classOf: (name) => classes.get({ name }),
        selectors,
      })
      if (!found) return cannotAllocate
      state.byNode.set(nodeName, found)
      return undefined
    } catch (error) {
      return failed(names.dynamicResources, error instanceof Error ? error.message : String(error))
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

  const freeClaim = (cycle: CycleState, pod: Pod): Status => {
    const state = cycle.read(stateKey)
    // PreFilter was not reached.
    if (!state) return failed(names.dynamicResources, 'not found')
    if (state.claims.length === 0) return noneToFree
    for (const claim of state.unavailable) {
      const reserved = claim.status?.reservedFor ?? []
      if (reserved.length > 1 || (reserved.length === 1 && reserved[0]?.uid !== pod.metadata.uid)) continue
      void deallocateClaim(client, claim).catch((error: unknown) => {
        log.warn('Claim was not deallocated', { claim: claim.metadata.name, error })
      })
      return unschedulable(names.dynamicResources, 'deallocation of ResourceClaim completed')
    }
    return unschedulable(names.dynamicResources, 'still not schedulable')
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
    preFilter(cycle, { pod, shape }) {
      const found: ReturnType<typeof claimsOfPod> = shape.hasClaims
        ? claimsOfPod(pod, claimInformer.lister)
        : { claims: [] }
      if ('problem' in found) {
        cycle.write<State>(stateKey, { claims: [], missing: [], byNode: new Map(), unavailable: new Set() })
        return { status: refuse(found.problem) }
      }
      const { claims } = found
      const missing = claims.filter(({ status }) => status?.allocation === undefined)
      const problem = missing.map(problemWith).find((reason) => reason !== undefined)
      // A claim that can't be allocated is none that could be freed.
      const usable = problem === undefined ? { claims, missing } : { claims: [], missing: [] }
      cycle.write<State>(stateKey, { ...usable, byNode: new Map(), unavailable: new Set() })
      if (problem !== undefined) return { status: refuse(problem) }
      return claims.length === 0 ? { skip: true } : undefined
    },
    filter(cycle, _pod, { name, node }) {
      const state = cycle.read(stateKey)
      if (!state || !node) return undefined
      let available = true
      for (const claim of state.claims) {
        const selector: NodeSelector | undefined = claim.status?.allocation?.nodeSelector
        if (!selector || matchesNodeSelector(selector, node)) continue
        state.unavailable.add(claim)
        available = false
      }
      if (state.missing.length > 0) {
        const refused = allocateOn(state, node, name)
        if (refused) return refused
      }
      return available ? undefined : notAvailable
    },
    postFilter: (cycle, { pod }) => ({ status: freeClaim(cycle, pod) }),
    reserve(cycle, _pod, node) {
      const state = cycle.read(stateKey)
      if (!state || state.claims.length === 0) return undefined
      state.node = node
      const results = state.byNode.get(node) ?? []
      state.missing.forEach(({ metadata }, i) => {
        const result = results[i]
        if (result) pending.set(metadata.uid ?? '', result)
      })
      return undefined
    },
    unreserve(cycle, { pod }) {
      const state = cycle.read(stateKey)
      for (const { metadata } of state?.missing ?? []) pending.delete(metadata.uid ?? '')
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
    needsPreBind: (cycle, { pod }) => (cycle.read(stateKey)?.claims ?? []).some((claim) => !isReservedFor(claim, pod)),
    async preBind(cycle, { pod }, node, signal) {
      const state = cycle.read(stateKey)
      if (!state) return undefined
      const results = state.byNode.get(node) ?? []
      try {
        for (const claim of state.claims) {
          if (isReservedFor(claim, pod)) continue
          const at = state.missing.indexOf(claim)
          await reserveClaim(claim, pod, at < 0 ? undefined : results[at], { client, clock, signal })
        }
      } catch (error) {
        return failed(names.dynamicResources, error instanceof Error ? error.message : String(error))
      }
      for (const { metadata } of state.missing) pending.delete(metadata.uid ?? '')
      return undefined
    },
  }
}
