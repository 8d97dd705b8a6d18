import type { Secret } from '#api/core/v1'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { defaultSecret, secretStrategy } from './strategy.ts'

export const secretsRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'secrets',
  strategy: secretStrategy,
  defaults: defaults<Secret>(defaultSecret),
  columns: tableColumns<Secret>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Type', type: 'string' },
      { name: 'Data', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (secret, now) => {
      const { metadata, type = '', data = {} } = secret
      return { cells: [metadata.name ?? '', type, Object.keys(data).length, ageOf(secret, now)] }
    },
  ),
}
