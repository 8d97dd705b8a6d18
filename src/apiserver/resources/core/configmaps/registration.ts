import type { ConfigMap } from '#api/core/v1'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { configMapStrategy } from './strategy.ts'

export const configMapsRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'configmaps',
  strategy: configMapStrategy,
  columns: tableColumns<ConfigMap>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Data', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (config, now) => {
      const { metadata, data = {}, binaryData = {} } = config
      const entries = Object.keys(data).length + Object.keys(binaryData).length
      return { cells: [metadata.name ?? '', entries, ageOf(config, now)] }
    },
  ),
}
