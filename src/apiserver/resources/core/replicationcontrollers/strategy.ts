import type { Draft } from '#api'
import type { ReplicationController } from '#api/core/v1'
import { fieldNotFound, invalidValue, Path } from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { semanticEqual } from '#base'
import { statusRules } from '../../../resource/status-rules.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { strategy } from '../../../resource/strategy.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { warningsForPodOwnerName } from '../../common/names.ts'
import { dropDisabledTemplateFields, podTemplateWarnings } from '../pod-spec/index.ts'
import { validateController, validateControllerStatusUpdate, validateControllerUpdate } from './validation.ts'

const template = Path.of('spec', 'template')
const nonConvertible = 'non-convertible.kubernetes.io'

export const controllerStrategy: Strategy = strategy<ReplicationController>({
  garbageCollection: 'orphan',
  prepareForCreate(draft) {
    startGeneration(draft)
    dropDisabledTemplateFields(draft.spec?.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.spec?.template, old.spec?.template)
    raiseGenerationWithSpec(draft, old)
  },
  validate: validateController,
  validateUpdate: (controller, old) => [
    ...validateControllerUpdate(controller, old),
    ...validateConvertible(controller, old),
  ],
  warningsOnCreate: (controller) => [
    ...warningsForPodOwnerName(controller),
    ...podTemplateWarnings(controller.spec?.template ?? {}, template),
  ],
  warningsOnUpdate: (controller, old) =>
    controller.metadata.generation === old.metadata.generation
      ? []
      : podTemplateWarnings(old.spec?.template ?? {}, template),
  fields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
})

export const controllerStatusRules: UpdateRules<KubeObject> = {
  ...statusRules,
  prepareForUpdate(draft, old, context) {
    statusRules.prepareForUpdate?.(draft, old, context)
    labelAsTemplate(draft as Draft<ReplicationController>)
  },
  validateUpdate: (controller, old) =>
    validateControllerStatusUpdate(controller as ReplicationController, old as ReplicationController),
}

/** A controller without labels is read with those of its template, whatever took them away. */
export function labelAsTemplate({ metadata, spec }: Draft<ReplicationController>): void {
  const labels = spec?.template?.metadata?.labels
  if (labels !== undefined && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels }
}

/** Annotations tell of fields that say more than a replication controller can. */
function validateConvertible(controller: ReplicationController, old: ReplicationController): readonly FieldError[] {
  return Object.entries(old.metadata.annotations ?? {}).flatMap(([key, value]) => {
    const parts = key.split('/')
    const [, field = ''] = parts
    if (!key.startsWith(nonConvertible) || parts.length !== 2) return []
    if (!field.includes('selector'))
      return [{ ...fieldNotFound(field, value), detail: 'unknown non-convertible field' }]
    if (semanticEqual(controller.spec?.selector, old.spec?.selector)) return []
    return [invalidValue('spec.selector', controller.spec?.selector, 'cannot update non-convertible selector')]
  })
}
