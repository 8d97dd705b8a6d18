import type { StatefulSet } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { isPodAvailable, isPodReady } from '../common/pods/state.ts'

export const podNameLabel = 'statefulset.kubernetes.io/pod-name'
export const podIndexLabel = 'apps.kubernetes.io/pod-index'
export const revisionLabel = 'controller-revision-hash'

const form = /^(.*)-(\d+)$/

/** The name of the set that a pod's name tells, and its number in it; `undefined` for other names. */
export function placeOf({ metadata }: Pod): { readonly parent: string; readonly ordinal: number } | undefined {
  const [, parent, digits] = form.exec(metadata.name ?? '') ?? []
  const ordinal = Number(digits)
  return parent === undefined || ordinal >= 2 ** 31 ? undefined : { parent, ordinal }
}

export const ordinalOf = (pod: Pod): number => placeOf(pod)?.ordinal ?? -1
export const isMember = ({ metadata }: StatefulSet, pod: Pod): boolean => placeOf(pod)?.parent === metadata.name

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0
export const replicasOf = ({ spec }: StatefulSet): number => spec.replicas ?? 1
export const isBurst = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy === 'Parallel'

export function isInRange(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod)
  return ordinal >= startOf(set) && ordinal < startOf(set) + replicasOf(set)
}

export const podNameAt = ({ metadata }: StatefulSet, ordinal: number): string => `${metadata.name ?? ''}-${ordinal}`
export const claimNameAt = (set: StatefulSet, template: string, ordinal: number): string =>
  `${template}-${podNameAt(set, ordinal)}`

export function hasIdentity(set: StatefulSet, pod: Pod): boolean {
  const { name = '', labels } = pod.metadata
  const place = placeOf(pod)
  return (
    place?.parent === set.metadata.name && name === podNameAt(set, ordinalOf(pod)) && labels?.[podNameLabel] === name
  )
}

export function hasStorage(set: StatefulSet, pod: Pod): boolean {
  return (set.spec.volumeClaimTemplates ?? []).every(({ metadata }) => {
    const template = metadata.name ?? ''
    const volume = pod.spec.volumes?.find(({ name }) => name === template)
    return volume?.persistentVolumeClaim?.claimName === claimNameAt(set, template, ordinalOf(pod))
  })
}

export const podRevision = ({ metadata }: Pod): string => metadata.labels?.[revisionLabel] ?? ''

export const isCreated = ({ status }: Pod): boolean => Boolean(status?.phase)
export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined
export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isPodReady(pod)

export function isUnavailable(pod: Pod, set: StatefulSet, now: number): boolean {
  return isTerminating(pod) || !isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now)
}
