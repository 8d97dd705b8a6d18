import type { Draft } from '#api'
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '#api/apiextensions/v1'
import { conflict, excludeFields } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { raiseGenerationWithSpec } from '../../common/generation.ts'
import { setCondition } from './conditions.ts'
import { validateDefinition, validateDefinitionUpdate, validateStatusUpdate } from './validation/index.ts'
import { formatWarnings } from './warnings.ts'

/** Keeps a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

export const definitionStrategy: Strategy<CustomResourceDefinition> = {
  allowUnconditionalUpdate: false,
  resetFields: excludeFields(['status']),
  prepareForCreate(draft) {
    draft.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null }
    draft.metadata.generation = 1
    rememberStorage(draft)
  },
  prepareForUpdate(draft, old) {
    if (old.status) draft.status = old.status as Draft<CustomResourceDefinition>['status'] & object
    else delete draft.status
    raiseGenerationWithSpec(draft, old)
    rememberStorage(draft)
  },
  validate: (object) => validateDefinition(object),
  validateUpdate: (object, old) => validateDefinitionUpdate(object, old),
  warningsOnCreate: (object) => formatWarnings(object, undefined),
  warningsOnUpdate: (object, old) => formatWarnings(object, old),
  terminate: (object, options, now) => terminate(object, options, now),
}

export const statusRules: UpdateRules<CustomResourceDefinition> = {
  resetFields: excludeFields(['spec']),
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<CustomResourceDefinition>['spec']
  },
  validateUpdate: (object, old) => validateStatusUpdate(object, old),
}

/** The version that objects are stored in is remembered: there may be some of it until somebody says otherwise. */
function rememberStorage(draft: Draft<CustomResourceDefinition>): void {
  const storage = draft.spec.versions?.find((version) => version.storage)
  const stored = draft.status?.storedVersions ?? []
  if (storage && !stored.includes(storage.name))
    draft.status = { ...draft.status, storedVersions: [...stored, storage.name] }
}

function terminate(
  object: CustomResourceDefinition,
  { preconditions }: Parameters<NonNullable<Strategy['terminate']>>[1],
  now: number,
): Draft<CustomResourceDefinition> | undefined {
  const { uid = '', resourceVersion = '', name = '' } = object.metadata
  const differs = (what: string, wanted: string, found: string): Error =>
    conflict(
      { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' },
      name,
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`,
    )
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) throw differs('UID', preconditions.uid, uid)
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion)
    throw differs('ResourceVersion', preconditions.resourceVersion, resourceVersion)
  if (object.metadata.deletionTimestamp !== undefined) return undefined
  const finalizers = object.metadata.finalizers ?? []
  const condition: CustomResourceDefinitionCondition = {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  }
  return {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: timestamp(now),
      finalizers: finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer],
    },
    status: { ...object.status, conditions: setCondition(object.status?.conditions ?? [], condition, now) },
  } as Draft<CustomResourceDefinition>
}
