import type { IPAddress } from '#api/networking/v1'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { ipAddressStrategy } from './strategy.ts'

export const ipAddressesRegistration: ResourceRegistration = {
  place: 'networking/v1',
  plural: 'ipaddresses',
  strategy: ipAddressStrategy,
  // Rows have one cell more than there are columns.
  columns: tableColumns<IPAddress>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'ParentRef', type: 'string' },
    ],
    (address, now) => ({ cells: [address.metadata.name ?? '', parentOf(address), ageOf(address, now)] }),
  ),
}

function parentOf({ spec }: IPAddress): string {
  const parent: Partial<NonNullable<NonNullable<IPAddress['spec']>['parentRef']>> | undefined = spec?.parentRef
  if (!parent) return '<none>'
  const { group = '', resource = '', namespace = '', name = '' } = parent
  const type = (group === '' ? resource : `${resource}.${group}`).toLowerCase()
  return [type, ...(namespace === '' ? [] : [namespace]), name].join('/')
}
