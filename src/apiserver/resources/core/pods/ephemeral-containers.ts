import type { Draft } from '#api'
import type { Pod, PodSpec } from '#api/core/v1'
import type { UpdateRules } from '../../../resource/strategy.ts'
import { keepMetadata } from '../../common/status-metadata.ts'
import { dropDisabledPodFields } from '../pod-spec/index.ts'
import { raiseGeneration } from './generation.ts'
import { validateEphemeralContainersUpdate } from './validation/ephemeral-containers.ts'

/** Rules of `pods/ephemeralcontainers`: ephemeral containers and nothing else. */
export const ephemeralContainersRules: UpdateRules<Pod> = {
  prepareForUpdate(pod, old) {
    const { ephemeralContainers } = pod.spec ?? {}
    const { ephemeralContainers: _, ...rest } = old.spec as Draft<PodSpec>
    pod.spec = { ...rest, ...(ephemeralContainers === undefined ? {} : { ephemeralContainers }) }
    if (old.status) pod.status = old.status as Draft<Pod>['status'] & object
    keepMetadata(pod, old)
    dropDisabledPodFields(pod, old)
    raiseGeneration(pod, old)
  },
  validateUpdate: validateEphemeralContainersUpdate,
}
