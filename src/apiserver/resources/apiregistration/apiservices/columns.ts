import type { APIService } from '#api/apiregistration/v1'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'

export const apiServiceColumns: TableColumns = tableColumns<APIService>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Service', type: 'string' },
    { name: 'Available', type: 'string' },
    { name: 'Age', type: 'string' },
  ],
  (object, now) => {
    const { service } = object.spec ?? {}
    const where = service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local'
    return { cells: [object.metadata.name ?? '', where, availability(object), ageOf(object, now)] }
  },
)

function availability({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason ?? ''})`
}
