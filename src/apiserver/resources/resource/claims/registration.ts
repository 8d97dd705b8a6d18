import type { Draft } from '#api'
import type { ResourceClaim } from '#api/resource/v1'
import { excludeFields, nameIsDNSSubdomain, Path } from '#machinery'
import type { FieldError } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { goValue } from '../../common/go-value.ts'
import { keepMetadata } from '../../common/status-metadata.ts'
import { immutable } from '../../common/values.ts'
import { refuseAdminAccess, refuseAdminAccessStatus } from './admin-access.ts'
import { checkStatusRights } from './rights.ts'
import { defaultClaimSpec, validateClaimSpec } from './spec.ts'
import { dropDeallocatedDevices, validateClaimStatus } from './status.ts'
import { refusalsOf } from '../../common/refusals.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')

export const resourceClaimsRegistration: ResourceRegistration = {
  place: 'resource/v1',
  plural: 'resourceclaims',
  strategy: strategy<ResourceClaim>({
    returnsDeletedObject: true,
    validate: (claim, context) => [
      ...refuseAdminAccess(claim.spec, claim.metadata.namespace ?? '', context),
      ...validateMeta(claim),
      ...validateClaimSpec(claim.spec, spec),
    ],
    validateUpdate: (claim, old) => [
      ...validateMeta(claim),
      ...validateObjectMetaUpdate(claim.metadata, old.metadata, metadata),
      ...immutable(spec, claim.spec, old.spec, goValue('resource/v1.ResourceClaimSpec', claim.spec)),
    ],
  }),
  defaults: defaults<ResourceClaim>((draft) => defaultClaimSpec(draft.spec)),
  untabled: ['status'],
  updates: {
    status: strategy<ResourceClaim>({
      check: checkStatusRights,
      prepareForUpdate(draft, old) {
        draft.spec = old.spec as Draft<ResourceClaim>['spec']
        keepMetadata(draft, old)
        dropDeallocatedDevices(draft, old)
      },
      validateUpdate: (claim, old, context) => [
        ...refuseAdminAccessStatus(claim, old, context),
        ...refusalsOf(claim),
        ...validateObjectMetaUpdate(claim.metadata, old.metadata, metadata),
        ...validateClaimStatus(claim, old),
      ],
      resetFields: excludeFields(['metadata'], ['spec']),
    }),
  },
  columns: tableColumns<ResourceClaim>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'State', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (claim, now) => ({ cells: [claim.metadata.name ?? '', stateOf(claim), ageOf(claim, now)] }),
  ),
}

const validateMeta = (claim: ResourceClaim): readonly FieldError[] =>
  validateObjectMeta(claim.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata)

function stateOf({ metadata: { deletionTimestamp }, status }: ResourceClaim): string {
  const states = deletionTimestamp === undefined ? [] : ['deleted']
  if (status?.allocation) {
    states.push('allocated')
    if ((status.reservedFor ?? []).length > 0) states.push('reserved')
  } else if (deletionTimestamp === undefined) states.push('pending')
  return states.join(',')
}
