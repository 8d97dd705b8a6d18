import type { PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import type { PodInfo } from '../../cache/pod-info.ts'
import type { CycleState, StateKey } from '../../framework/cycle-state.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { unresolvable, unschedulable } from '../../framework/status.ts'
import { names } from '../names.ts'
import { claimNamesOf, claimNotFound } from '../volumes/storage.ts'
import type { Storage } from '../volumes/storage.ts'

const diskConflict = unschedulable(names.volumeRestrictions, 'node(s) had no available disk')
const inUse = unschedulable(
  names.volumeRestrictions,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
)

/** How many of the claims that only one pod may use are in use. */
interface Exclusive {
  readonly claims: ReadonlySet<string>
  users: number
}

const exclusiveKey: StateKey<Exclusive> = { name: names.volumeRestrictions, clone: (value) => ({ ...value }) }

/** Keeps pods from volumes that others hold: disks on the node, and claims that only one pod may use. */
export function createVolumeRestrictions({ cache }: Pick<PluginContext, 'cache'>, storage: Storage): Plugin {
  const { lister } = storage.claims

  const follow = (cycle: CycleState, other: PodInfo, by: number): void => {
    const exclusive = cycle.read(exclusiveKey)
    if (!exclusive || !other.shape.hasVolumes) return
    for (const { persistentVolumeClaim } of other.pod.spec?.volumes ?? []) {
      if (persistentVolumeClaim && exclusive.claims.has(persistentVolumeClaim.claimName)) exclusive.users += by
    }
  }

  return {
    name: names.volumeRestrictions,
    events: [
      {
        resource: 'Pod',
        actions: ['Delete'],
        hint: (pod, old) => {
          const gone = old as Pod
          if (gone.metadata.namespace !== pod.metadata.namespace) return 'skip'
          if ((pod.spec?.volumes ?? []).some((volume) => conflicts(volume, gone))) return 'queue'
          const claims = new Set(claimNamesOf(pod))
          return claimNamesOf(gone).some((name) => claims.has(name)) ? 'queue' : 'skip'
        },
      },
      { resource: 'Node', actions: ['Add'] },
      {
        resource: 'PersistentVolumeClaim',
        actions: ['Add'],
        hint: (pod, _old, current) => {
          const { metadata } = current as PersistentVolumeClaim
          const named = metadata.namespace === pod.metadata.namespace && claimNamesOf(pod).includes(metadata.name ?? '')
          return named ? 'queue' : 'skip'
        },
      },
    ],
    preFilter(cycle, { pod, namespace, shape }) {
      if (!shape.hasVolumes) return { skip: true }
      const claims = new Set<string>()
      for (const name of claimNamesOf(pod)) {
        const claim = lister.get({ namespace, name })
        if (!claim) return { status: unresolvable(names.volumeRestrictions, claimNotFound(name)) }
        if (claim.spec?.accessModes?.includes('ReadWriteOncePod')) claims.add(name)
      }
      let users = 0
      if (claims.size > 0) {
        for (const node of cache.nodes.list()) {
          for (const name of claims) if (node.claims.has(`${namespace}/${name}`)) users++
        }
      }
      cycle.write(exclusiveKey, { claims, users })
      return users === 0 && !(pod.spec?.volumes ?? []).some(isDisk) ? { skip: true } : undefined
    },
    addPod: (cycle, _pod, added) => follow(cycle, added, 1),
    removePod: (cycle, _pod, removed) => follow(cycle, removed, -1),
    filter(cycle, { pod }, node) {
      for (const volume of pod.spec?.volumes ?? []) {
        if (!isDisk(volume)) continue
        if (node.pods.some((other) => other.shape.hasVolumes && conflicts(volume, other.pod))) return diskConflict
      }
      return (cycle.read(exclusiveKey)?.users ?? 0) > 0 ? inUse : undefined
    },
  }
}

function isDisk({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume): boolean {
  return !!(gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi)
}

/** Whether a pod holds the same disk in a way that does not go together. */
function conflicts(volume: Volume, pod: Pod): boolean {
  const { gcePersistentDisk: gce, awsElasticBlockStore: aws, iscsi, rbd } = volume
  return (pod.spec?.volumes ?? []).some((held) => {
    const [disk, block, target, image] = [held.gcePersistentDisk, held.awsElasticBlockStore, held.iscsi, held.rbd]
    if (gce && disk && gce.pdName === disk.pdName && !(gce.readOnly && disk.readOnly)) return true
    if (aws && block && aws.volumeID === block.volumeID) return true
    if (iscsi && target && iscsi.iqn === target.iqn && !(iscsi.readOnly && target.readOnly)) return true
    if (!rbd || !image) return false
    const shared = rbd.monitors.some((monitor) => image.monitors.includes(monitor))
    const same = (rbd.pool ?? 'rbd') === (image.pool ?? 'rbd') && rbd.image === image.image
    return shared && same && !(rbd.readOnly && image.readOnly)
  })
}
