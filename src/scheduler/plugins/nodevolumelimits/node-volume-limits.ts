import type { PersistentVolumeClaim, Pod } from '#api/core/v1'
import type { CSINode, VolumeAttachment } from '#api/storage/v1'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { failed, unresolvable, unschedulable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { names } from '../names.ts'
import { claimNotFound, classOf, namedClaims, notForPod, usesClaim } from '../volumes/storage.ts'
import type { Storage } from '../volumes/storage.ts'

const exceeded = unschedulable(names.nodeVolumeLimits, 'node(s) exceed max volume count')
const byNode = 'node'

/** Volumes by a name that is theirs alone, with their driver. */
type Volumes = Map<string, string>

/** Keeps pods from nodes that have as many volumes of a driver as they take. */
export function createNodeVolumeLimits({ clock }: Pick<PluginContext, 'clock'>, storage: Storage): Plugin {
  const { claims, volumes, classes, csiNodes, attachments } = storage
  attachments.addIndexer(byNode, nodeOfAttachment)
  // Volumes that are not there yet count under names that no volume has.
  const notYet = Array.from(clock.randomBytes(16), (byte) => byte.toString(16)).join('')

  const volumeOf = (claim: PersistentVolumeClaim): { readonly driver: string; readonly handle: string } | undefined => {
    const { volumeName } = claim.spec ?? {}
    const volume = volumeName ? volumes.lister.get({ name: volumeName }) : undefined
    if (volume) {
      const { csi } = volume.spec ?? {}
      return csi && { driver: csi.driver, handle: csi.volumeHandle }
    }
    const found = classes.lister.get({ name: classOf(claim) })
    return (
      found && { driver: found.provisioner, handle: `${notYet}-${claim.metadata.namespace}/${claim.metadata.name}` }
    )
  }

  /** @param strict the pod is to be placed, so its claims must exist. */
  const collect = (pod: Pod, into: Volumes, strict: boolean): Status | undefined => {
    const { namespace = '' } = pod.metadata
    for (const { name, ephemeral } of namedClaims(pod)) {
      if (name === '') return failed(names.nodeVolumeLimits, 'PersistentVolumeClaim had no name')
      const claim = claims.lister.get({ namespace, name })
      if (!claim) {
        if (!strict) continue
        return unresolvable(names.nodeVolumeLimits, `looking up PVC ${namespace}/${name}: ${claimNotFound(name)}`)
      }
      const foreign = ephemeral ? notForPod(pod, claim) : undefined
      if (foreign !== undefined) return failed(names.nodeVolumeLimits, foreign)
      const found = volumeOf(claim)
      if (found?.driver && found.handle) into.set(`${found.driver}/${found.handle}`, found.driver)
    }
    return undefined
  }

  const attachedTo = (node: string): Volumes => {
    const attached: Volumes = new Map()
    for (const { spec } of attachments.lister.byIndex(byNode, node)) {
      const name = spec.source.persistentVolumeName
      const csi = name === undefined ? undefined : volumes.lister.get({ name })?.spec?.csi
      if (spec.attacher && csi) attached.set(`${spec.attacher}/${csi.volumeHandle}`, spec.attacher)
    }
    return attached
  }

  return {
    name: names.nodeVolumeLimits,
    events: [
      {
        resource: 'CSINode',
        actions: ['Add', 'Update'],
        hint: (_pod, old, current) => {
          if (!old) return 'queue'
          const [before, after] = [limitsOf(old as CSINode), limitsOf(current as CSINode)]
          return [...after].some(([driver, limit]) => limit > (before.get(driver) ?? 0)) ? 'queue' : 'skip'
        },
      },
      {
        resource: 'Pod',
        actions: ['Delete'],
        hint: (_pod, old) => {
          const gone = old as Pod
          return gone.spec?.nodeName && namedClaims(gone).length > 0 ? 'queue' : 'skip'
        },
      },
      {
        resource: 'PersistentVolumeClaim',
        actions: ['Add'],
        hint: (pod, _old, current) => (usesClaim(pod, current as PersistentVolumeClaim) ? 'queue' : 'skip'),
      },
      {
        resource: 'VolumeAttachment',
        actions: ['Delete'],
        hint: (pod) => ((pod.spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim) ? 'queue' : 'skip'),
      },
    ],
    preFilter: (_cycle, { pod, shape }) =>
      shape.hasVolumes && namedClaims(pod).length > 0 ? undefined : { skip: true },
    filter(_cycle, { pod }, node) {
      const limits = limitsOf(csiNodes.lister.get({ name: node.name }))
      if (limits.size === 0) return undefined
      const wanted: Volumes = new Map()
      const broken = collect(pod, wanted, true)
      if (broken || wanted.size === 0) return broken
      const there: Volumes = new Map()
      for (const other of node.pods) {
        const problem = other.shape.hasVolumes ? collect(other.pod, there, false) : undefined
        if (problem) return problem
      }
      const counts = countByDriver(there)
      for (const [name, driver] of attachedTo(node.name)) {
        if (!there.has(name)) counts.set(driver, (counts.get(driver) ?? 0) + 1)
      }
      for (const name of there.keys()) wanted.delete(name)
      for (const [driver, count] of countByDriver(wanted)) {
        const limit = limits.get(driver)
        if (limit !== undefined && (counts.get(driver) ?? 0) + count > limit) return exceeded
      }
      return undefined
    },
  }
}

function nodeOfAttachment({ spec }: VolumeAttachment): string {
  return spec.nodeName
}

function limitsOf(node: CSINode | undefined): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const { name, allocatable } of node?.spec.drivers ?? []) {
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count)
  }
  return limits
}

function countByDriver(volumes: Volumes): Map<string, number> {
  const counts = new Map<string, number>()
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1)
  return counts
}
