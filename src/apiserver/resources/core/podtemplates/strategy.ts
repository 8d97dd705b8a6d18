import type { PodTemplate } from '#api/core/v1'
import { nameIsDNSSubdomain, Path } from '#machinery'
import { raiseGeneration, sameField } from '../../common/generation.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import {
  dropDisabledTemplateFields,
  podTemplateOptions,
  podTemplateWarnings,
  validatePodTemplateSpec,
} from '../pod-spec/index.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const at = Path.of('template')

export const podTemplateStrategy: Strategy = strategy<PodTemplate>({
  returnsDeletedObject: true,
  prepareForCreate(draft) {
    draft.metadata.generation = 1
    dropDisabledTemplateFields(draft.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.template, old.template)
    if (!sameField(draft, old, 'template')) raiseGeneration(draft, old)
  },
  validate: ({ metadata, template }) => [
    ...validateObjectMeta(metadata, { namespaced: true, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...(template ? validatePodTemplateSpec(template, at, podTemplateOptions(undefined)) : []),
  ],
  validateUpdate: ({ metadata, template }, old) => [
    ...validateObjectMetaUpdate(metadata, old.metadata, Path.of('metadata')),
    ...(template ? validatePodTemplateSpec(template, at, podTemplateOptions(old.template)) : []),
  ],
  warningsOnCreate: ({ template }) => podTemplateWarnings(template, at),
  warningsOnUpdate: ({ metadata, template }, old) =>
    metadata.generation === old.metadata.generation ? [] : podTemplateWarnings(template, at),
})
