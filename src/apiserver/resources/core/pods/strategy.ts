import type { Pod } from '#api/core/v1'
import { excludeFields, isDNS1123Label, mirrorServiceAccount, Path } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { dropDisabledPodFields, podWarnings } from '../pod-spec/index.ts'
import { adoptAppArmorAnnotations } from './app-armor.ts'
import { setCondition } from './conditions.ts'
import { podFields } from './fields.ts'
import { raiseGeneration } from './generation.ts'
import { mergeLabelKeys } from './match-label-keys.ts'
import { qosClassOf } from './qos.ts'
import { validatePodCreate } from './validation/create.ts'
import { validatePodUpdate } from './validation/update.ts'

export const podStrategy: Strategy = strategy<Pod>({
  returnsDeletedObject: true,
  resetFields: excludeFields(['status']),
  fields: podFields,
  keepsStatusOnCreate: true,
  prepareForCreate(pod, context) {
    pod.metadata.generation = 1
    // Of a status that is sent, the class alone is kept.
    const qosClass = pod.status?.qosClass || (pod.spec && qosClassOf(pod.spec))
    pod.status = { phase: 'Pending', ...(qosClass ? { qosClass } : {}) }
    if (pod.spec) mirrorServiceAccount(pod.spec)
    dropDisabledPodFields(pod, undefined)
    if ((pod.spec?.schedulingGates ?? []).length > 0) {
      const message = 'Scheduling is blocked due to non-empty scheduling gates'
      const gated = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message } as const
      setCondition(pod, gated, timestamp(context.clock.now()))
    }
    mergeLabelKeys(pod)
    for (const warning of adoptAppArmorAnnotations(pod)) context.warnings.add(warning)
  },
  prepareForUpdate(pod, old) {
    if (pod.spec) mirrorServiceAccount(pod.spec)
    dropDisabledPodFields(pod, old)
    raiseGeneration(pod, old)
  },
  validate: validatePodCreate,
  validateUpdate: validatePodUpdate,
  warningsOnCreate(pod) {
    const problems = isDNS1123Label(pod.metadata.name ?? '')
    const why =
      "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended"
    const hostname =
      problems.length === 0 ? [] : [`${Path.of('metadata', 'name').toString()}: ${why}: [${problems.join(' ')}]`]
    return [...hostname, ...podWarnings(pod)]
  },
  gracePeriod({ spec, status }, { gracePeriodSeconds }) {
    // Nobody is there to end it, or nothing is left to end.
    if (!spec?.nodeName || status?.phase === 'Failed' || status?.phase === 'Succeeded') return 0
    const seconds = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0
    return seconds < 0 ? 1 : seconds
  },
})
