import type { PersistentVolume, PersistentVolumeClaim, Pod } from '#api/core/v1'
import type { StorageClass } from '#api/storage/v1'
import { deepEqual } from '#base'
import type { StateKey } from '../../framework/cycle-state.ts'
import type { Plugin } from '../../framework/plugin.ts'
import { unresolvable } from '../../framework/status.ts'
import type { Status } from '../../framework/status.ts'
import { names } from '../names.ts'
import { claimNamesOf, claimNotFound, classOf } from '../volumes/storage.ts'
import type { Storage } from '../volumes/storage.ts'

const conflict = unresolvable(names.volumeZone, 'node(s) had no available volume zone')

/** A label of a volume that its node must have as well, with one of the values. */
interface Zone {
  readonly key: string
  readonly values: readonly string[]
}

const zonesKey: StateKey<readonly Zone[]> = { name: names.volumeZone }

/** Labels of topology, the old names with what they are called now. */
const labels: { readonly [label: string]: string } = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
}

/** Keeps pods to the zones of their volumes, as the volumes' labels tell them. */
export function createVolumeZone(storage: Storage): Plugin {
  const refuse = (reason: string): Status => unresolvable(names.volumeZone, reason)

  const zonesOf = (pod: Pod): readonly Zone[] | Status => {
    const zones: Zone[] = []
    for (const name of claimNamesOf(pod)) {
      if (name === '') return refuse('PersistentVolumeClaim had no name')
      const claim = storage.claims.lister.get({ namespace: pod.metadata.namespace ?? '', name })
      if (!claim) return refuse(claimNotFound(name))
      const { volumeName } = claim.spec ?? {}
      if (!volumeName) {
        const refused = withoutVolume(claim)
        if (refused) return refuse(refused)
        continue
      }
      const volume = storage.volumes.lister.get({ name: volumeName })
      if (!volume) return refuse(`persistentvolume ${JSON.stringify(volumeName)} not found`)
      zones.push(...zonesOfVolume(volume))
    }
    return zones
  }

  const withoutVolume = (claim: PersistentVolumeClaim): string | undefined => {
    const className = classOf(claim)
    if (className === '') return 'PersistentVolumeClaim had no pv name and storageClass name'
    const found = storage.classes.lister.get({ name: className })
    if (!found) return `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`
    if (!found.volumeBindingMode) return `VolumeBindingMode not set for StorageClass ${JSON.stringify(className)}`
    return found.volumeBindingMode === 'WaitForFirstConsumer' ? undefined : 'PersistentVolume had no name'
  }

  return {
    name: names.volumeZone,
    events: [
      {
        resource: 'StorageClass',
        actions: ['Add'],
        hint: (_pod, _old, current) =>
          (current as StorageClass).volumeBindingMode === 'WaitForFirstConsumer' ? 'queue' : 'skip',
      },
      { resource: 'Node', actions: ['Add', 'UpdateNodeLabel'] },
      {
        resource: 'PersistentVolumeClaim',
        actions: ['Add', 'Update'],
        hint: (pod, _old, current) => {
          const { metadata } = current as PersistentVolumeClaim
          const named = metadata.namespace === pod.metadata.namespace && claimNamesOf(pod).includes(metadata.name ?? '')
          return named ? 'queue' : 'skip'
        },
      },
      {
        resource: 'PersistentVolume',
        actions: ['Add', 'Update'],
        hint: (_pod, old, current) => {
          if (!old) return 'queue'
          const [before, after] = [zonesOfVolume(old as PersistentVolume), zonesOfVolume(current as PersistentVolume)]
          return deepEqual(before, after) ? 'skip' : 'queue'
        },
      },
    ],
    preFilter(cycle, { pod, shape }) {
      if (!shape.hasVolumes) return { skip: true }
      const zones = zonesOf(pod)
      if ('code' in zones) return { status: zones }
      if (zones.length === 0) return { skip: true }
      cycle.write(zonesKey, zones)
      return undefined
    },
    filter(cycle, _pod, node) {
      if (!Object.keys(labels).some((label) => node.labels[label] !== undefined)) return undefined
      for (const { key, values } of cycle.read(zonesKey) ?? []) {
        const value = node.labels[key] ?? node.labels[labels[key] ?? key]
        if (value === undefined || !values.includes(value)) return conflict
      }
      return undefined
    },
  }
}

/** Several zones are divided by `__`. An empty one makes a label that means nothing. */
function zonesOfVolume({ metadata }: PersistentVolume): readonly Zone[] {
  return Object.keys(labels).flatMap((key) => {
    const values = metadata.labels?.[key]?.split('__').map((zone) => zone.trim())
    return values && !values.includes('') ? [{ key, values }] : []
  })
}
