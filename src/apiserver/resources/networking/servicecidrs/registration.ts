import type { ServiceCIDR } from '#api/networking/v1'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { serviceCIDRStatusRules, serviceCIDRStrategy } from './strategy.ts'

export const serviceCIDRsRegistration: ResourceRegistration = {
  place: 'networking/v1',
  plural: 'servicecidrs',
  strategy: serviceCIDRStrategy,
  updates: { status: serviceCIDRStatusRules },
  columns: tableColumns<ServiceCIDR>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'CIDRs', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (cidr, now) => ({ cells: [cidr.metadata.name ?? '', (cidr.spec?.cidrs ?? []).join(','), ageOf(cidr, now)] }),
  ),
}
