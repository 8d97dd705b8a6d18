import type { APIService } from '#api/apiregistration/v1'
import { excludeFields, Path, validateObjectMetaUpdate } from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { takeField } from '../../../resource/take-field.ts'
import { validateAPIService, validateStatus } from './validation.ts'

export const apiServiceStrategy: Strategy<APIService> = {
  allowUnconditionalUpdate: false,
  resetFields: excludeFields(['status']),
  prepareForCreate(draft, { clock }) {
    draft.status = {}
    if (draft.spec?.service) return
    const lastTransitionTime = timestamp(clock.now())
    const message = 'Local APIServices are always available'
    draft.status = { conditions: [{ type: 'Available', status: 'True', lastTransitionTime, reason: 'Local', message }] }
  },
  validate: (object) => validateAPIService(object),
  validateUpdate: (object, old) => [...changedMetadata(object, old), ...validateAPIService(object)],
}

export const statusRules: UpdateRules<APIService> = {
  resetFields: excludeFields(['metadata'], ['spec']),
  prepareForUpdate(draft, old) {
    takeField(draft, old, 'spec')
    for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'])
      takeField(draft.metadata, old.metadata, field)
  },
  validateUpdate: (object, old) => [...changedMetadata(object, old), ...validateStatus(object)],
}

function changedMetadata(object: KubeObject, old: KubeObject): readonly FieldError[] {
  return validateObjectMetaUpdate(object.metadata, old.metadata, Path.of('metadata'))
}
