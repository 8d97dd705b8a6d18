import type { Draft } from '#api'
import type { DaemonSet } from '#api/apps/v1'
import { semanticEqual } from '#base'
import { excludeFields, Path } from '#machinery'
import type { KubeObject } from '#machinery'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { dropDisabledTemplateFields, podTemplateWarnings } from '../../core/pod-spec/index.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { builtinStruct } from '../../../resource/builtin-types.ts'
import { equalAs } from '../../../resource/quantity-forms.ts'
import { setTemplateGeneration, templateGeneration } from './template-generation.ts'
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from './validation.ts'

const template = Path.of('spec', 'template')

export const daemonSetStrategy: Strategy = strategy<DaemonSet>({
  prepareForCreate(draft) {
    setTemplateGeneration(draft, Math.max(templateGeneration(draft), 1))
    startGeneration(draft)
    dropDisabledTemplateFields(draft.spec.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.spec.template, old.spec.template)
    const before = templateGeneration(old)
    setTemplateGeneration(draft, sameTemplate(draft, old) ? before : before + 1)
    raiseGenerationWithSpec(draft, old)
  },
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  warningsOnCreate: (set) => podTemplateWarnings(set.spec.template, template),
  warningsOnUpdate: (set, old) =>
    semanticEqual(set.spec.template, old.spec.template) ? [] : podTemplateWarnings(set.spec.template, template),
})

function sameTemplate({ spec }: Draft<DaemonSet>, old: DaemonSet): boolean {
  return equalAs(builtinStruct('core/v1', 'PodTemplateSpec'), spec.template, old.spec.template)
}

export const daemonSetStatusRules: UpdateRules<KubeObject> = strategy<DaemonSet>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<DaemonSet>['spec']
    setTemplateGeneration(draft, templateGeneration(old))
  },
  validateUpdate: validateDaemonSetStatusUpdate,
  resetFields: excludeFields(['spec']),
})
