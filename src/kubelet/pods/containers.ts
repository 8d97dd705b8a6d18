import type { Container, ContainerRestartRule, EphemeralContainer, Pod, PodSpec } from '#api/core/v1'

/** A sidecar: an init container that is started again whenever it ends. */
export function isRestartableInitContainer(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

/** A container of the pod spec as its status will call it. */
export function containerNamed(pod: Pod, name: string): Container | undefined {
  const { initContainers = [], containers, ephemeralContainers = [] } = specOf(pod)
  return (
    containers.find((container) => container.name === name) ??
    initContainers.find((container) => container.name === name) ??
    ephemeralContainers.find((container) => container.name === name)
  )
}

/** Every container of the pod: init, app, ephemeral. */
export function allContainers(pod: Pod): readonly (Container | EphemeralContainer)[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = specOf(pod)
  return [...initContainers, ...containers, ...ephemeralContainers]
}

/** Every image that the pod names, for containers and for volumes. */
export function imagesOf(pod: Pod): readonly string[] {
  const mounted = (specOf(pod).volumes ?? []).flatMap(({ image }) => (image?.reference ? [image.reference] : []))
  return [...allContainers(pod).flatMap(({ image }) => (image ? [image] : [])), ...mounted]
}

const emptySpec: PodSpec = { containers: [] }

export function specOf(pod: Pod): PodSpec {
  return pod.spec ?? emptySpec
}

/** The first restart rule of the container that speaks about this exit code. */
export function matchingRestartRule(container: Container, exitCode: number): ContainerRestartRule | undefined {
  return container.restartPolicyRules?.find(({ exitCodes }) => {
    if (!exitCodes) return false
    const isListed = exitCodes.values?.includes(exitCode) ?? false
    return (exitCodes.operator === 'In' && isListed) || (exitCodes.operator === 'NotIn' && !isListed)
  })
}

/** Whether a container that ended with this code starts again: its rules decide, then its policy, then the pod's. */
export function shouldRestart(container: Container, spec: PodSpec, exitCode: number): boolean {
  if (container.restartPolicy !== undefined) {
    const rule = matchingRestartRule(container, exitCode)
    if (rule?.action === 'Restart' || rule?.action === 'RestartAllContainers') return true
    if (container.restartPolicy === 'Always') return true
    if (container.restartPolicy === 'OnFailure') return exitCode !== 0
    if (container.restartPolicy === 'Never') return false
  }
  if (spec.restartPolicy === 'OnFailure') return exitCode !== 0
  return spec.restartPolicy !== 'Never'
}

/** Whether an ended container may ever start again. */
export function isRestartable(container: Container, spec: PodSpec): boolean {
  if (container.restartPolicy !== undefined) {
    const hasRule = container.restartPolicyRules?.some(({ action }) => action === 'Restart') ?? false
    return hasRule || container.restartPolicy !== 'Never'
  }
  return spec.restartPolicy !== 'Never'
}

/** Whether the exit of some container may restart the pod in place. */
export function allContainersCouldRestart(spec: PodSpec): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some((container) =>
    container.restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers'),
  )
}

/** `name_namespace(uid)`: how messages name a pod. */
export function formatPod(pod: Pod): string {
  const { name = '', namespace = '', uid = '' } = pod.metadata
  return `${name}_${namespace}(${uid})`
}

export const uidOf = (pod: Pod): string => pod.metadata.uid ?? ''

export const isHostNetwork = (pod: Pod): boolean => specOf(pod).hostNetwork ?? false

/** Where a node has a pod from: `api`, `file`. */
export const sourceAnnotation = 'kubernetes.io/config.source'
/** When a node first saw a pod. */
export const seenAnnotation = 'kubernetes.io/config.seen'
export const mirrorAnnotation = 'kubernetes.io/config.mirror'

/** A pod that the node read from a file. */
export function isStaticPod(pod: Pod): boolean {
  const source = pod.metadata.annotations?.[sourceAnnotation]
  return source !== undefined && source !== 'api'
}

/** What stands in the API for a static pod. */
export function isMirrorPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[mirrorAnnotation] !== undefined
}

const systemCriticalPriority = 2_000_000_000

export function isCriticalPod(pod: Pod): boolean {
  return isStaticPod(pod) || isMirrorPod(pod) || (specOf(pod).priority ?? 0) >= systemCriticalPriority
}

export function isTerminalPhase(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed'
}
