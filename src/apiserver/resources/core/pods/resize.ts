import type { Draft } from '#api'
import type { Container, Pod, PodSpec } from '#api/core/v1'
import type { UpdateRules } from '../../../resource/strategy.ts'
import { keepMetadata } from '../../common/status-metadata.ts'
import { dropDisabledPodFields } from '../pod-spec/index.ts'
import { raiseGeneration } from './generation.ts'
import { validatePodResize } from './validation/resize.ts'

/** Rules of `pods/resize`: resources of the pod and its containers, and how they change. */
export const resizeRules: UpdateRules<Pod> = {
  prepareForUpdate(pod, old) {
    keepOthers(pod, old)
    dropDisabledPodFields(pod, old)
    raiseGeneration(pod, old)
  },
  validateUpdate: validatePodResize,
}

/** Puts everything else back. Where containers came or went the draft is left for validation to refuse. */
function keepOthers(pod: Draft<Pod>, old: Pod): void {
  const { spec } = pod
  const before = old.spec as Draft<PodSpec> | undefined
  if (!spec || !before) return
  const same = (list: 'containers' | 'initContainers'): boolean =>
    (spec[list] ?? []).length === (before[list] ?? []).length
  if (!same('containers') || !same('initContainers')) return
  const { resources, containers, initContainers } = spec
  const { resources: _, ...rest } = before
  pod.spec = {
    ...rest,
    containers: resized(containers ?? [], before.containers ?? []),
    ...(initContainers ? { initContainers: resized(initContainers, before.initContainers ?? []) } : {}),
    ...(resources ? { resources } : {}),
  }
  if (old.status) pod.status = old.status as Draft<Pod>['status'] & object
  keepMetadata(pod, old)
}

function resized(containers: Draft<Container>[], old: Draft<Container>[]): Draft<Container>[] {
  if (containers.some(({ name }, index) => old[index]?.name !== name)) return containers
  return containers.map(({ resources, resizePolicy }, index) => {
    const { resources: _, resizePolicy: __, ...rest } = old[index] as Draft<Container>
    return { ...rest, ...(resources ? { resources } : {}), ...(resizePolicy ? { resizePolicy } : {}) }
  })
}
