import type { Service } from '#api/core/v1'
import type { UpdateRules } from '../../../resource/strategy.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { statusRules } from '../../../resource/status-rules.ts'
import type { KubeObject } from '#machinery'
import { deleteEndpoints } from '../endpoints/delete.ts'
import { allocate, releaseAll } from './allocation/allocate.ts'
import { dropFieldsOfOldType, ownSpec } from './fields.ts'
import { validateServiceStatusUpdate } from './status-validation.ts'
import { validateServiceCreate, validateServiceUpdate } from './validation.ts'
import { serviceStatusWarnings, serviceWarnings } from './warnings.ts'

export const serviceStrategy: Strategy = strategy<Service>({
  allowCreateOnUpdate: true,
  returnsDeletedObject: true,
  begin: (draft, old, context) => allocate(draft, old, context),
  prepareForUpdate(draft, old) {
    ownSpec(draft)
    dropFieldsOfOldType(draft, old)
  },
  canonicalize({ spec }) {
    // Writers of old versions set it where it means nothing.
    if (spec.type === 'ExternalName') delete spec.internalTrafficPolicy
    // Readers find one address in both fields, whatever its writer said.
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP]
  },
  validate: validateServiceCreate,
  validateUpdate: validateServiceUpdate,
  warningsOnCreate: serviceWarnings,
  warningsOnUpdate: serviceWarnings,
  fields: ({ spec }) => ({ 'spec.clusterIP': spec.clusterIP ?? '', 'spec.type': spec.type ?? '' }),
  async afterDelete(service, { services, dryRun }) {
    if (dryRun) return
    await deleteEndpoints(services, service.metadata)
    await releaseAll(service, services)
  },
})

export const serviceStatusRules: UpdateRules<KubeObject> = {
  ...statusRules,
  validateUpdate: (service, old) => validateServiceStatusUpdate(service as Service, old as Service),
  warningsOnUpdate: (service) => serviceStatusWarnings(service as Service),
}
