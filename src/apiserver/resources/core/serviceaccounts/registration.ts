import type { ServiceAccount } from '#api/core/v1'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { serviceAccountStrategy } from './strategy.ts'
import { createToken, tokenRequestDefaults } from './token.ts'

export const serviceAccountsRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'serviceaccounts',
  strategy: serviceAccountStrategy,
  columns: tableColumns<ServiceAccount>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
    ],
    (account, now) => ({ cells: [account.metadata.name ?? '', ageOf(account, now)] }),
  ),
  creates: { token: createToken },
  bodyDefaults: { token: tokenRequestDefaults },
}
