import type { Draft } from '#api'
import type { DaemonSet } from '#api/apps/v1'
import { deepEqual } from '#base'
import { excludeFields, Path } from '#machinery'
import type { KubeObject } from '#machinery'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { dropDisabledTemplateFields, podTemplateWarnings } from '../../core/pod-spec/index.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from './validation.ts'

const template = Path.of('spec', 'template')

export const daemonSetStrategy: Strategy = strategy<DaemonSet>({
  prepareForCreate(draft) {
    startTemplateGeneration(draft)
    startGeneration(draft)
    dropDisabledTemplateFields(draft.spec.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.spec.template, old.spec.template)
    keepTemplateGeneration(draft, old)
    raiseGenerationWithSpec(draft, old)
  },
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  warningsOnCreate: (set) => podTemplateWarnings(set.spec.template, template),
  warningsOnUpdate: (set, old) =>
    deepEqual(set.spec.template, old.spec.template) ? [] : podTemplateWarnings(set.spec.template, template),
})

/** Counts the templates there were; the count is kept as an annotation since it left the spec. */
const annotation = 'deprecated.daemonset.template.generation'

const integer = /^[+-]?\d+$/

/** What the annotation says, 0 where it says nothing of use. */
function templateGeneration(set: DaemonSet | Draft<DaemonSet>): number {
  const text = set.metadata.annotations?.[annotation]
  return text !== undefined && integer.test(text) ? Number(text) : 0
}

function setTemplateGeneration(draft: Draft<DaemonSet>, value: number): void {
  draft.metadata.annotations = { ...draft.metadata.annotations, [annotation]: String(value) }
}

function startTemplateGeneration(draft: Draft<DaemonSet>): void {
  setTemplateGeneration(draft, Math.max(templateGeneration(draft), 1))
}

function keepTemplateGeneration(draft: Draft<DaemonSet>, old: DaemonSet): void {
  const before = templateGeneration(old)
  setTemplateGeneration(draft, deepEqual(draft.spec.template, old.spec.template) ? before : before + 1)
}

export const daemonSetStatusRules: UpdateRules<KubeObject> = strategy<DaemonSet>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<DaemonSet>['spec']
  },
  validateUpdate: validateDaemonSetStatusUpdate,
  resetFields: excludeFields(['spec']),
})
