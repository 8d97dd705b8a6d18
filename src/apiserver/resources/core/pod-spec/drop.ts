import type { Draft } from '#api'
import type { ContainerStatus, Pod, PodSpec, PodStatus, PodTemplateSpec } from '#api/core/v1'
import { containersOf } from './visit.ts'

/** Clears what a template says in fields of features that are off, unless the one that stands uses them. In place. */
export function dropDisabledTemplateFields(
  template: Draft<PodTemplateSpec> | undefined,
  old: PodTemplateSpec | undefined,
): void {
  if (template?.spec) dropDisabledSpecFields(template.spec, old?.spec)
}

/** The same for a pod, with its status. */
export function dropDisabledPodFields(pod: Draft<Pod>, old: Pod | undefined): void {
  if (pod.spec) dropDisabledSpecFields(pod.spec, old?.spec)
  if (pod.status) dropDisabledStatusFields(pod.status, old?.status)
}

function dropDisabledSpecFields(spec: Draft<PodSpec>, old: PodSpec | undefined): void {
  dropProjection(spec, old, 'clusterTrustBundle')
  dropProjection(spec, old, 'podCertificate')
  if (spec.schedulingGroup && !old?.schedulingGroup) delete spec.schedulingGroup
  dropStopSignals(spec, old)
}

function dropProjection(
  spec: Draft<PodSpec>,
  old: PodSpec | undefined,
  field: 'clusterTrustBundle' | 'podCertificate',
): void {
  if (usesProjection(old, field) || !usesProjection(spec, field)) return
  for (const { projected } of spec.volumes ?? []) {
    for (const source of projected?.sources ?? []) delete source[field]
  }
}

function usesProjection(spec: PodSpec | undefined, field: 'clusterTrustBundle' | 'podCertificate'): boolean {
  return (spec?.volumes ?? []).some(({ projected }) =>
    (projected?.sources ?? []).some((source) => source[field] !== undefined),
  )
}

function dropStopSignals(spec: Draft<PodSpec>, old: PodSpec | undefined): void {
  if (containersOf(old).some(({ lifecycle }) => lifecycle?.stopSignal !== undefined)) return
  for (const list of [spec.initContainers, spec.containers, spec.ephemeralContainers]) {
    for (const container of list ?? []) {
      const { lifecycle } = container
      if (lifecycle?.stopSignal === undefined) continue
      delete lifecycle.stopSignal
      if (!lifecycle.postStart && !lifecycle.preStop) delete container.lifecycle
    }
  }
}

const statusLists = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const

const statusesOf = (status: PodStatus | undefined): readonly ContainerStatus[] =>
  statusLists.flatMap((list) => status?.[list] ?? [])

function dropDisabledStatusFields(status: Draft<PodStatus>, old: PodStatus | undefined): void {
  if ((old?.nodeAllocatableResourceClaimStatuses ?? []).length === 0) delete status.nodeAllocatableResourceClaimStatuses
  if (statusesOf(old).some(showsVolumes) || !statusesOf(status).some(showsVolumes)) return
  for (const list of statusLists) {
    for (const { volumeMounts } of status[list] ?? []) {
      for (const mount of volumeMounts ?? []) delete mount.volumeStatus
    }
  }
}

const showsVolumes = ({ volumeMounts = [] }: ContainerStatus): boolean =>
  volumeMounts.some(({ volumeStatus }) => volumeStatus !== undefined)
