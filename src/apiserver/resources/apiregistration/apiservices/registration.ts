import type { Draft } from '#api'
import type { APIService } from '#api/apiregistration/v1'
import { excludeFields } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { keepMetadata } from '../../common/status-metadata.ts'
import { validateAPIService, validateAPIServiceStatus, validateAPIServiceUpdate } from './validation.ts'

const httpsPort = 443

export const apiServicesRegistration: ResourceRegistration = {
  place: 'apiregistration/v1',
  plural: 'apiservices',
  prefix: '/registry/apiregistration.k8s.io/apiservices/',
  strategy: strategy<APIService>({
    allowUnconditionalUpdate: false,
    prepareForCreate(draft, { clock }) {
      draft.status = draft.spec?.service ? {} : { conditions: [localCondition(timestamp(clock.now()))] }
    },
    validate: validateAPIService,
    validateUpdate: validateAPIServiceUpdate,
  }),
  defaults: defaults<APIService>(({ spec }) => {
    if (spec?.service) spec.service.port ??= httpsPort
  }),
  updates: {
    status: strategy<APIService>({
      prepareForUpdate(draft, old) {
        if (old.spec) draft.spec = old.spec
        keepMetadata(draft, old)
      },
      validateUpdate: validateAPIServiceStatus,
      resetFields: excludeFields(['metadata'], ['spec']),
    }),
  },
  columns: tableColumns<APIService>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Service', type: 'string' },
      { name: 'Available', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (service, now) => ({
      cells: [service.metadata.name ?? '', backendOf(service), availabilityOf(service), ageOf(service, now)],
    }),
  ),
}

/** What the server serves itself is always there. */
function localCondition(
  lastTransitionTime: string,
): Draft<NonNullable<NonNullable<APIService['status']>['conditions']>[number]> {
  const message = 'Local APIServices are always available'
  return { type: 'Available', status: 'True', lastTransitionTime, reason: 'Local', message }
}

function backendOf({ spec }: APIService): string {
  return spec?.service ? `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}` : 'Local'
}

function availabilityOf({ status }: APIService): string {
  const condition = (status?.conditions ?? []).find(({ type }) => type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason ?? ''})`
}
