import type { ReplicaSet } from '#api/apps/v1'
import { formatLabelSelector } from '#machinery'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { containerCells, containerColumns } from '../../common/container-cells.ts'

export const replicaSetColumns: TableColumns = tableColumns<ReplicaSet>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Desired', type: 'integer' },
    { name: 'Current', type: 'integer' },
    { name: 'Ready', type: 'integer' },
    { name: 'Age', type: 'string' },
    ...containerColumns,
    { name: 'Selector', type: 'string', priority: 1 },
  ],
  (set, now) => {
    const { metadata, spec, status } = set
    return {
      cells: [
        metadata.name ?? '',
        spec.replicas ?? 0,
        status?.replicas ?? 0,
        status?.readyReplicas ?? 0,
        ageOf(set, now),
        ...containerCells(spec.template ?? {}),
        formatLabelSelector(spec.selector),
      ],
    }
  },
)
