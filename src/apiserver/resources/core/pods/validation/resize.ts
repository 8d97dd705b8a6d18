import type { Container, Pod, PodSpec, ResourceRequirements } from '#api/core/v1'
import { semanticEqual } from '#base'
import { fieldForbidden, invalidValue, named } from '#machinery'
import type { FieldError, Path, ResourceList } from '#machinery'
import { mirrorAnnotation } from '../../pod-spec/validation/annotations.ts'
import { isSidecar } from '../../pod-spec/visit.ts'
import { qosClassOf } from '../qos.ts'
import { metaPath, optionsFor, specOf, specPath, validateMetadataAndSpec } from './metadata-and-spec.ts'
import { validateObjectMetaUpdate } from '../../../metadata.ts'

const othersImmutable = 'only cpu and memory resources are mutable'

/** Rules for `pods/resize`: cpu and memory get more or less, and nothing else changes. */
export function validatePodResize(pod: Pod, old: Pod): readonly FieldError[] {
  if (old.metadata.annotations?.[mirrorAnnotation] !== undefined)
    return [fieldForbidden('[]', 'static pods cannot be resized')]
  if (old.spec?.os?.name === 'windows') return [fieldForbidden('[]', 'windows pods cannot be resized')]
  const spec = specOf(pod)
  const before = specOf(old)
  const errors = [
    ...validateObjectMetaUpdate(pod.metadata, old.metadata, metaPath),
    ...validateMetadataAndSpec(pod, optionsFor(old)),
    ...validateClassOfService(pod, old),
    ...validatePodLevel(spec, before),
  ]
  if ((old.status?.nodeAllocatableResourceClaimStatuses ?? []).length > 0)
    errors.push(fieldForbidden(specPath, 'pods with node allocatable resource claims cannot be resized'))
  const order = validateOrder(spec, before)
  if (order.length > 0) return [...errors, ...order]
  errors.push(...validateKept(spec, before, 'initContainers'), ...validateKept(spec, before, 'containers'))
  for (const [index, container] of (spec.containers ?? []).entries()) {
    if (!semanticEqual(maskContainer(container, before.containers?.[index]), before.containers?.[index]))
      errors.push(fieldForbidden(specPath, othersImmutable))
  }
  errors.push(...validateInit(spec, before))
  if (errors.length > 0) return errors
  // Resources of the pod that are empty are others than none.
  const same = !spec.resources === !before.resources && semanticEqual(maskSpec(spec, before), before)
  return same ? [] : [fieldForbidden(specPath, othersImmutable)]
}

function validateClassOfService(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = []
  const before = old.status?.qosClass ?? qosClassOf(specOf(old))
  if (before !== qosClassOf(specOf(pod))) {
    const why = 'Pod QOS Class may not change as a result of resizing'
    errors.push(invalidValue(specPath, named(pod.status?.qosClass ?? ''), why))
  }
  const running = (old.status?.containerStatuses ?? []).find(({ state }) => state?.running)
  if (running && !running.resources)
    errors.push(fieldForbidden(specPath, 'Pod running on node without support for resize'))
  return errors
}

const isResized = ({ resources }: PodSpec): boolean =>
  Object.keys(resources?.requests ?? {}).length + Object.keys(resources?.limits ?? {}).length > 0

function validatePodLevel(spec: PodSpec, before: PodSpec): FieldError[] {
  if (!isResized(spec) && !isResized(before)) return []
  const at = specPath.child('resources')
  if (before.resources && !spec.resources) return [fieldForbidden(at, 'pod-level resources cannot be removed')]
  const errors: FieldError[] = []
  if (before.resources) {
    if (isRemoved(spec.resources?.requests, before.resources.requests))
      errors.push(fieldForbidden(at.child('requests'), 'pod-level resource requests cannot be removed'))
    if (isRemoved(spec.resources?.limits, before.resources.limits))
      errors.push(fieldForbidden(at.child('limits'), 'pod-level resource limits cannot be removed'))
  }
  if (!semanticEqual(maskPodResources(spec.resources, before.resources), before.resources))
    errors.push(fieldForbidden(specPath, 'only cpu and memory resources are mutable at pod-level'))
  return errors
}

function validateOrder(spec: PodSpec, before: PodSpec): FieldError[] {
  return (['containers', 'initContainers'] as const).flatMap((list) => {
    const at = specPath.child(list)
    const now = spec[list] ?? []
    const old = before[list] ?? []
    if (now.length !== old.length) return [fieldForbidden(at, `${list} may not be added or removed on resize`)]
    return old.flatMap(({ name }, index) => {
      if (now[index]?.name === name) return []
      return [fieldForbidden(at.index(index).child('name'), `${list} may not be renamed or reordered on resize`)]
    })
  })
}

/** What was asked for or limited once, stays so. */
function validateKept(spec: PodSpec, before: PodSpec, list: 'containers' | 'initContainers'): FieldError[] {
  return (before[list] ?? []).flatMap(({ resources: old }, index) => {
    const at: Path = specPath.child(list).index(index).child('resources')
    const now = spec[list]?.[index]?.resources
    const errors: FieldError[] = []
    if (isRemoved(now?.requests, old?.requests))
      errors.push(fieldForbidden(at.child('requests'), 'resource requests cannot be removed'))
    if (isRemoved(now?.limits, old?.limits))
      errors.push(fieldForbidden(at.child('limits'), 'resource limits cannot be removed'))
    return errors
  })
}

const isRemoved = (now: ResourceList = {}, old: ResourceList = {}): boolean =>
  Object.keys(old).some((name) => now[name] === undefined)

function validateInit(spec: PodSpec, before: PodSpec): FieldError[] {
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const old = before.initContainers?.[index]
    const at = specPath.child('initContainers').index(index)
    const errors: FieldError[] = []
    if (!semanticEqual(maskContainer(container, old), old)) {
      const why = 'only cpu and memory resources for init or sidecar containers are mutable'
      errors.push(fieldForbidden(at, why))
    }
    if (isSidecar(container) || semanticEqual(container, old)) return errors
    for (const { restartPolicy } of container.resizePolicy ?? []) {
      if (restartPolicy !== 'RestartContainer') continue
      const why = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized'
      errors.push(fieldForbidden(at, why))
    }
    return errors
  })
}

/** The spec with cpu and memory put back. */
function maskSpec(spec: PodSpec, before: PodSpec): PodSpec {
  const { resources: _, ...rest } = spec
  const resources = maskPodResources(spec.resources, before.resources)
  const mask = (containers: readonly Container[] = [], old: readonly Container[] = []): Container[] =>
    containers.map((container, index) => maskContainer(container, old[index]))
  return {
    ...rest,
    containers: mask(spec.containers, before.containers),
    ...(spec.initContainers ? { initContainers: mask(spec.initContainers, before.initContainers) } : {}),
    ...(resources ? { resources } : {}),
  }
}

/** Claims of a container are not part of the comparison, as its masked form lacks them. */
function maskContainer(container: Container, old: Container | undefined): Container {
  const { claims: _, ...own } = container.resources ?? {}
  return { ...container, resources: maskResources(own, old?.resources) }
}

function maskPodResources(
  resources: ResourceRequirements | undefined,
  old: ResourceRequirements | undefined,
): ResourceRequirements | undefined {
  if (!resources) return undefined
  const masked = maskResources(resources, old)
  return !old && Object.keys(masked).length === 0 ? undefined : masked
}

function maskResources(resources: ResourceRequirements, old: ResourceRequirements = {}): ResourceRequirements {
  const { limits, requests, ...rest } = resources
  const maskedLimits = maskList(limits, old.limits)
  const maskedRequests = maskList(requests, old.requests)
  return {
    ...(maskedLimits ? { limits: maskedLimits } : {}),
    ...(maskedRequests ? { requests: maskedRequests } : {}),
    ...rest,
  }
}

/** The list with cpu and memory of the other; none where nothing is left. */
function maskList(list: ResourceList | undefined, old: ResourceList | undefined): ResourceList | undefined {
  const { cpu: _, memory: __, ...rest } = list ?? {}
  const { cpu, memory } = old ?? {}
  const masked = {
    ...rest,
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  }
  return Object.keys(masked).length === 0 ? undefined : masked
}
