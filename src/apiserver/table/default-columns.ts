import type { TableColumns } from './columns.ts'
import { tableColumns } from './columns.ts'

/** Columns of resources without their own: name and time of creation. */
export const defaultColumns: TableColumns = tableColumns(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Created At', type: 'date' },
  ],
  ({ metadata }) => ({ cells: [metadata.name ?? '', metadata.creationTimestamp ?? '<unknown>'] }),
)
