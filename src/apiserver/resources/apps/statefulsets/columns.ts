import type { StatefulSet } from '#api/apps/v1'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { containerCells, containerColumns } from '../../common/container-cells.ts'

export const statefulSetColumns: TableColumns = tableColumns<StatefulSet>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Ready', type: 'string' },
    { name: 'Age', type: 'string' },
    ...containerColumns,
  ],
  (set, now) => {
    const { metadata, spec, status } = set
    const ready = `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`
    return { cells: [metadata.name ?? '', ready, ageOf(set, now), ...containerCells(spec.template)] }
  },
)
