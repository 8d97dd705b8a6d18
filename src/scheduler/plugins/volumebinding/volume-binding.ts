import type { PersistentVolumeClaim } from '#api/core/v1'
import type { CSIDriver, CSINode, CSIStorageCapacity, StorageClass } from '#api/storage/v1'
import { deepEqual } from '#base'
import type { StateKey } from '../../framework/cycle-state.ts'
import type { EventRegistration } from '../../framework/events.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { failed, unresolvable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { names } from '../names.ts'
import { usesClaim } from '../volumes/storage.ts'
import type { Storage } from '../volumes/storage.ts'
import { Assumed } from './assumed.ts'
import { VolumeBinder } from './bind-volumes.ts'
import type { Plan } from './bind-volumes.ts'
import { largestVolume } from './match.ts'
import { VolumeError, VolumeFinder } from './pod-volumes.ts'
import type { PodClaims, PodVolumes } from './pod-volumes.ts'

interface Found {
  readonly claims: PodClaims
  readonly byNode: Map<string, PodVolumes>
  plan?: Plan
}

const foundKey: StateKey<Found> = { name: names.volumeBinding }
const unbound = unresolvable(names.volumeBinding, 'pod has unbound immediate PersistentVolumeClaims')
const migratedAnnotation = 'storage.alpha.kubernetes.io/migrated-plugins'

/** Keeps pods to nodes where their claims can have volumes, and binds claims that wait for a pod. */
export function createVolumeBinding(
  { args, cache, client, clock }: Pick<PluginContext, 'args' | 'cache' | 'client' | 'clock'>,
  storage: Storage,
): Plugin {
  const claims = new Assumed(storage.claims)
  const volumes = new Assumed(storage.volumes)
  const finder = new VolumeFinder(storage, claims, volumes)
  const timeoutMs = ((args['bindTimeoutSeconds'] as number | undefined) ?? 600) * 1000
  const binder = new VolumeBinder({ client, clock, cache, claims, volumes, timeoutMs })
  const refusals = new Map<string, Status>()

  const refusal = (reasons: readonly string[]): Status => {
    const key = reasons.join('\n')
    let status = refusals.get(key)
    if (!status) refusals.set(key, (status = unresolvable(names.volumeBinding, ...reasons)))
    return status
  }
  /** Nothing is to be bound, and the volumes reach every node. */
  const isSettled = ({ bound, delayed }: PodClaims): boolean =>
    delayed.length === 0 &&
    bound.every(({ spec }) => {
      const volume = volumes.get(spec?.volumeName ?? '')
      return volume !== undefined && volume.spec?.nodeAffinity?.required === undefined
    })

  return {
    name: names.volumeBinding,
    events: bindingEvents,
    preFilter(cycle, { pod, shape }) {
      if (!shape.hasVolumes) return { skip: true }
      const problem = finder.problemWith(pod)
      if (problem !== undefined) return { status: unresolvable(names.volumeBinding, problem) }
      try {
        const found = finder.claimsOf(pod)
        if (found.immediate.length > 0) return { status: unbound }
        if (isSettled(found)) return { skip: true }
        cycle.write(foundKey, { claims: found, byNode: new Map() })
        return undefined
      } catch (error) {
        return { status: broken(error) }
      }
    },
    filter(cycle, _pod, { name, node }) {
      const found = cycle.read(foundKey)
      if (!found || !node) return undefined
      try {
        const result = finder.find(found.claims, node)
        if (!('bindings' in result)) return refusal(result)
        if (result.bindings.length > 0 || result.provisions.length > 0) found.byNode.set(name, result)
        return undefined
      } catch (error) {
        return broken(error)
      }
    },
    reserve(cycle, _pod, node) {
      const found = cycle.read(foundKey)
      const result = found?.byNode.get(node)
      if (found && result) found.plan = binder.assume(result, node)
      return undefined
    },
    unreserve(cycle) {
      const plan = cycle.read(foundKey)?.plan
      if (plan) binder.revert(plan)
    },
    needsPreBind: (cycle) => cycle.read(foundKey)?.plan !== undefined,
    async preBind(cycle, { pod }, node, signal) {
      const plan = cycle.read(foundKey)?.plan
      if (!plan) return undefined
      try {
        await binder.bind(plan, pod, node, signal)
        return undefined
      } catch (error) {
        return broken(error)
      }
    },
  }
}

function broken(error: unknown): Status {
  if (!(error instanceof Error)) throw error
  return failed(names.volumeBinding, error instanceof VolumeError ? error.message : error.message)
}

const bindingEvents: readonly EventRegistration[] = [
  {
    resource: 'StorageClass',
    actions: ['Add', 'Update'],
    hint: (_pod, old, current) => {
      const [before, after] = [old as StorageClass | undefined, current as StorageClass]
      return before && deepEqual(before.allowedTopologies, after.allowedTopologies) ? 'skip' : 'queue'
    },
  },
  {
    resource: 'PersistentVolumeClaim',
    actions: ['Add', 'Update'],
    hint: (pod, _old, current) => (usesClaim(pod, current as PersistentVolumeClaim) ? 'queue' : 'skip'),
  },
  { resource: 'PersistentVolume', actions: ['Add', 'Update'] },
  { resource: 'Node', actions: ['Add', 'UpdateNodeLabel'] },
  {
    resource: 'CSINode',
    actions: ['Add', 'Update'],
    hint: (_pod, old, current) => {
      const migrated = (node: object): string | undefined =>
        (node as CSINode).metadata.annotations?.[migratedAnnotation]
      return old && current && migrated(old) === migrated(current) ? 'skip' : 'queue'
    },
  },
  {
    resource: 'CSIDriver',
    actions: ['Update'],
    hint: (pod, old, current) => {
      const [before, after] = [old as CSIDriver, current as CSIDriver]
      const used = (pod.spec?.volumes ?? []).some(({ csi }) => csi?.driver === after.metadata.name)
      return used && before.spec.storageCapacity === true && after.spec.storageCapacity !== true ? 'queue' : 'skip'
    },
  },
  {
    resource: 'CSIStorageCapacity',
    actions: ['Add', 'Update'],
    hint: (_pod, old, current) => {
      if (!old) return 'queue'
      const before = largestVolume(old as CSIStorageCapacity)
      const after = largestVolume(current as CSIStorageCapacity)
      return after !== undefined && (before === undefined || after > before) ? 'queue' : 'skip'
    },
  },
]
