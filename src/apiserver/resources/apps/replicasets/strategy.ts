import type { Draft } from '#api'
import type { ReplicaSet } from '#api/apps/v1'
import { excludeFields, Path } from '#machinery'
import type { KubeObject } from '#machinery'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { dropDisabledTemplateFields, podTemplateWarnings } from '../../core/pod-spec/index.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { warningsForPodOwnerName } from '../../common/names.ts'
import { validateReplicaSet, validateReplicaSetStatusUpdate, validateReplicaSetUpdate } from './validation.ts'

const template = Path.of('spec', 'template')

export const replicaSetStrategy: Strategy = strategy<ReplicaSet>({
  prepareForCreate(draft) {
    startGeneration(draft)
    dropDisabledTemplateFields(draft.spec.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.spec.template, old.spec.template)
    raiseGenerationWithSpec(draft, old)
  },
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  warningsOnCreate: (set) => [
    ...warningsForPodOwnerName(set),
    ...podTemplateWarnings(set.spec.template ?? {}, template),
  ],
  warningsOnUpdate: (set, old) =>
    set.metadata.generation === old.metadata.generation ? [] : podTemplateWarnings(set.spec.template ?? {}, template),
})

export const replicaSetStatusRules: UpdateRules<KubeObject> = strategy<ReplicaSet>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<ReplicaSet>['spec']
  },
  validateUpdate: validateReplicaSetStatusUpdate,
  resetFields: excludeFields(['spec']),
})
