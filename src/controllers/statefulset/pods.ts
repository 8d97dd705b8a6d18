import { statefulsets } from '#api/apps/v1'
import type { StatefulSet } from '#api/apps/v1'
import type { PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import { podFromTemplate } from '../common/pods/pod-control.ts'
import { claimNameAt, ordinalOf, podIndexLabel, podNameAt, podNameLabel, revisionLabel, startOf } from './identity.ts'

/** A set with the template of one of its revisions. */
export interface Version {
  readonly set: StatefulSet
  readonly revision: string
}

/** The pod of a place that has none: of the old revision where the update has not come yet. */
export function podAt(current: Version, update: Version, ordinal: number): Pod {
  const { spec, status } = current.set
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  const old = rollingUpdate
    ? ordinal < startOf(current.set) + (rollingUpdate.partition ?? 0)
    : type === 'RollingUpdate' && ordinal < startOf(current.set) + (status?.currentReplicas ?? 0)
  return makePod(old ? current : update, ordinal)
}

function makePod({ set, revision }: Version, ordinal: number): Pod {
  const name = podNameAt(set, ordinal)
  const { metadata, spec } = podFromTemplate(set.spec.template, set, statefulsets, { name })
  const labels = { ...metadata.labels, ...identityLabels(name, ordinal), [revisionLabel]: revision }
  const { serviceName } = set.spec
  return {
    metadata: { ...metadata, labels },
    spec: {
      ...spec,
      volumes: storageVolumes(set, spec.volumes ?? [], ordinal),
      hostname: name,
      ...(serviceName ? { subdomain: serviceName } : {}),
    },
  }
}

const identityLabels = (name: string, ordinal: number): { readonly [key: string]: string } => ({
  [podNameLabel]: name,
  [podIndexLabel]: String(ordinal),
})

/** The pod with the labels and the volumes of its place. */
export function correctedPod(set: StatefulSet, pod: Pod): Pod {
  const ordinal = ordinalOf(pod)
  const name = podNameAt(set, ordinal)
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...identityLabels(name, ordinal) } },
    spec: { ...pod.spec, volumes: storageVolumes(set, pod.spec.volumes ?? [], ordinal) },
  }
}

/** Volumes of the claims first, then the others. */
function storageVolumes(set: StatefulSet, volumes: readonly Volume[], ordinal: number): readonly Volume[] {
  const names = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name ?? '')
  const claims = names.map((name) => ({
    name,
    persistentVolumeClaim: { claimName: claimNameAt(set, name, ordinal) },
  }))
  return [...claims, ...volumes.filter(({ name }) => !names.includes(name))]
}

/** The claims of a pod of the set. */
export function claimsOf(set: StatefulSet, pod: Pod): readonly PersistentVolumeClaim[] {
  const { namespace = '' } = set.metadata
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    metadata: {
      ...metadata,
      name: claimNameAt(set, metadata.name ?? '', ordinalOf(pod)),
      namespace,
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
    },
    spec,
  }))
}
