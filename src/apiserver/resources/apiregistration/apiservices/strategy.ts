import type { Draft } from '#api'
import type { APIService } from '#api/apiregistration/v1'
import { excludeFields, Path, validateObjectMetaUpdate } from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
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
    const target = draft as unknown as { [field: string]: unknown }
    const source = old as unknown as { readonly [field: string]: unknown }
    if (source['spec'] === undefined) delete target['spec']
    else target['spec'] = source['spec']
    const { metadata } = draft
    for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const) keep(metadata, old, field)
  },
  validateUpdate: (object, old) => [...changedMetadata(object, old), ...validateStatus(object)],
}

function changedMetadata(object: KubeObject, old: KubeObject): readonly FieldError[] {
  return validateObjectMetaUpdate(object.metadata, old.metadata, Path.of('metadata'))
}

function keep(
  metadata: Draft<APIService>['metadata'],
  old: APIService,
  field: 'labels' | 'annotations' | 'finalizers' | 'ownerReferences',
): void {
  const loose = metadata as { [field: string]: unknown }
  if (old.metadata[field] === undefined) delete loose[field]
  else loose[field] = old.metadata[field]
}
