import type { Draft } from '#api'
import type { Pod, PodCondition, PodStatus } from '#api/core/v1'
import { excludeFields, warningsForIP } from '#machinery'
import { Path } from '#machinery'
import type { UpdateRules } from '../../../resource/strategy.ts'
import { dropDisabledPodFields } from '../pod-spec/index.ts'
import { validatePodStatusUpdate } from './validation/status.ts'

/** Rules of `pods/status`, which kubelets and schedulers write. */
export const podStatusRules: UpdateRules<Pod> = {
  resetFields: excludeFields(['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']),
  prepareForUpdate(pod, old) {
    if (old.spec) pod.spec = old.spec as Draft<Pod>['spec'] & object
    const { metadata } = pod
    delete metadata.deletionTimestamp
    // Kubelets of old wrote owners back without the fields they did not know.
    if (old.metadata.ownerReferences === undefined) delete metadata.ownerReferences
    else metadata.ownerReferences = old.metadata.ownerReferences as Draft<typeof old.metadata.ownerReferences>
    pod.status = prepareStatus(pod.status, old.status)
    dropDisabledPodFields(pod, old)
  },
  validateUpdate: validatePodStatusUpdate,
  warningsOnUpdate({ status }) {
    const warn = (list: 'podIPs' | 'hostIPs'): string[] =>
      (status?.[list] ?? []).flatMap(({ ip }, index) =>
        warningsForIP(Path.of('status', list).index(index).child('ip'), ip),
      )
    return [...warn('podIPs'), ...warn('hostIPs')]
  },
}

/** What a writer leaves out and may not take away: class of service, and which generation was seen. */
function prepareStatus(status: Draft<PodStatus> | undefined, old: PodStatus | undefined): Draft<PodStatus> {
  const prepared = { ...status }
  if (!prepared.qosClass && old?.qosClass) prepared.qosClass = old.qosClass
  if (!prepared.observedGeneration && old?.observedGeneration) prepared.observedGeneration = old.observedGeneration
  const seen = new Map<string, number[]>()
  for (const { type, observedGeneration = 0 } of old?.conditions ?? [])
    seen.set(type, [...(seen.get(type) ?? []), observedGeneration])
  for (const condition of prepared.conditions ?? []) keepGeneration(condition, seen.get(condition.type)?.shift())
  return prepared
}

function keepGeneration(condition: Draft<PodCondition>, before: number | undefined): void {
  if (!condition.observedGeneration && before) condition.observedGeneration = before
}
