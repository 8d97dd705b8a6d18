import type { ResourceQuota } from '#api/core/v1'
import { Quantity } from '#machinery'
import type { KubeObject } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { statusRules } from '../../../resource/status-rules.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { UpdateRules } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { roundAmounts } from '../../common/amounts.ts'
import { validateQuota, validateQuotaStatusUpdate, validateQuotaUpdate } from './validation.ts'

const quotaStatusRules: UpdateRules<KubeObject> = {
  ...statusRules,
  validateUpdate: (quota, old) => validateQuotaStatusUpdate(quota as ResourceQuota, old as ResourceQuota),
}

export const resourceQuotasRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'resourcequotas',
  strategy: strategy<ResourceQuota>({
    returnsDeletedObject: true,
    validate: validateQuota,
    validateUpdate: validateQuotaUpdate,
    warningsOnCreate: warnings,
  }),
  defaults: defaults<ResourceQuota>(({ spec, status }) => {
    for (const list of [spec?.hard, status?.hard, status?.used]) roundAmounts(list)
  }),
  updates: { status: quotaStatusRules },
  columns: tableColumns<ResourceQuota>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Request', type: 'string' },
      { name: 'Limit', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (quota, now) => {
      const { hard = {}, used = {} } = quota.status ?? {}
      const texts = Object.keys(hard)
        .toSorted()
        .map((name) => [name.startsWith('limits.'), `${name}: ${used[name] ?? '0'}/${hard[name] ?? '0'}`] as const)
      const column = (limits: boolean): string =>
        texts
          .filter(([isLimit]) => isLimit === limits)
          .map(([, text]) => text)
          .join(', ')
      return { cells: [quota.metadata.name ?? '', column(false), column(true), ageOf(quota, now)] }
    },
  ),
}

/** Requests beyond the limits that go with them can't be had. */
function warnings({ spec }: ResourceQuota): readonly string[] {
  const hard = spec?.hard ?? {}
  return ['cpu', 'memory', 'storage', 'ephemeral-storage'].flatMap((name) => {
    const requests = `requests.${name}`
    const bare = hard[requests] === undefined && (name === 'cpu' || name === 'memory')
    const requestName = bare ? name : requests
    const request = hard[requestName]
    const limit = hard[`limits.${name}`]
    if (request === undefined || limit === undefined) return []
    if (Quantity.parse(request).compare(Quantity.parse(limit)) <= 0) return []
    return [`ResourceQuota ${requestName} (${request}) should be less than limits.${name} (${limit})`]
  })
}
