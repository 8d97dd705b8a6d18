import type { Draft } from '#api'
import type { Container, Pod, PodSpec, PodStatus, PodTemplateSpec } from '#api/core/v1'
import { defaultContainer } from './containers.ts'
import { defaultPodResources, requestLimits, roundResourceList, roundResources } from './resources.ts'
import { defaultVolume } from './volumes.ts'

/** Carried init containers, long ago. */
const formerAnnotations = [
  'pod.beta.kubernetes.io/init-containers',
  'pod.alpha.kubernetes.io/init-containers',
  'pod.beta.kubernetes.io/init-container-statuses',
  'pod.alpha.kubernetes.io/init-container-statuses',
]

/** Defaults of a pod that is to run, applied in place. A spec that is the very one of `base` has them. */
export function defaultPod(pod: Draft<Pod>, base?: Pod): void {
  dropFormerAnnotations(pod.metadata)
  if (pod.spec === undefined || pod.spec !== base?.spec) defaultSpec(specOf(pod))
  if (pod.status) defaultStatus(pod.status)
}

function defaultSpec(spec: Draft<PodSpec>): void {
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    requestLimits(container.resources)
  }
  defaultPodResources(spec)
  spec.enableServiceLinks ??= true
  if (spec.hostNetwork) {
    defaultHostPorts(spec.containers)
    defaultHostPorts(spec.initContainers)
  }
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1
  defaultPodSpec(spec)
}

/** Defaults of a pod template, applied in place. It gets fewer than a pod, so that templates of old stay as they are. */
export function defaultPodTemplateSpec(template: Draft<PodTemplateSpec>): void {
  if (template.metadata) dropFormerAnnotations(template.metadata)
  defaultPodSpec(specOf(template))
}

/** Defaults that pods and templates share, applied in place. */
function defaultPodSpec(spec: Draft<PodSpec>): void {
  spec.dnsPolicy ||= 'ClusterFirst'
  spec.restartPolicy ||= 'Always'
  spec.securityContext ??= {}
  spec.terminationGracePeriodSeconds ??= 30
  spec.schedulerName ||= 'default-scheduler'
  if (spec.serviceAccount && !spec.serviceAccountName) spec.serviceAccountName = spec.serviceAccount
  mirrorServiceAccount(spec)
  for (const volume of spec.volumes ?? []) defaultVolume(volume)
  for (const container of spec.initContainers ?? []) defaultContainer(container)
  for (const container of spec.containers ?? []) defaultContainer(container)
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container)
  roundResourceList(spec.overhead)
  roundResources(spec.resources)
}

/** `serviceAccount` is the former name of `serviceAccountName` and says the same. What does already may be shared. */
export function mirrorServiceAccount(spec: Draft<PodSpec>): void {
  if (spec.serviceAccount === spec.serviceAccountName && spec.serviceAccount !== '') return
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName
  else delete spec.serviceAccount
}

/** A spec that is not there is an empty one. */
function specOf(owner: { spec?: Draft<PodSpec> }): Draft<PodSpec> {
  owner.spec ??= {} as Draft<PodSpec>
  return owner.spec
}

/** On the host's network the ports of containers are those of the host. */
function defaultHostPorts(containers: Draft<Container>[] | undefined): void {
  for (const container of containers ?? []) {
    for (const port of container.ports ?? []) {
      if (!port.hostPort && port.containerPort) port.hostPort = port.containerPort
    }
  }
}

function dropFormerAnnotations(metadata: { annotations?: { [key: string]: string } }): void {
  const { annotations } = metadata
  if (!annotations || !formerAnnotations.some((key) => annotations[key] !== undefined)) return
  const kept = Object.entries(annotations).filter(([key]) => !formerAnnotations.includes(key))
  if (kept.length === 0) delete metadata.annotations
  else metadata.annotations = Object.fromEntries(kept)
}

function defaultStatus(status: Draft<PodStatus>): void {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status
  for (const one of [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses, status]) {
    roundResourceList(one.allocatedResources)
    roundResources(one.resources)
  }
  alignPodIPs(status)
}

/** `podIP` is the first of `podIPs`; where they differ it is the one that counts, as older kubelets know no other. */
function alignPodIPs(status: Draft<PodStatus>): void {
  const { podIP = '', podIPs = [] } = status
  const first = podIPs[0]?.ip ?? ''
  if (podIP !== '' && podIP !== first) status.podIPs = [{ ip: podIP }]
  else if (podIP === '' && first !== '') status.podIP = first
}
