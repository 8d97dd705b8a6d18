import type { DaemonSet } from '#api/apps/v1'
import { formatLabelSelector } from '#machinery'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { formatLabels } from '../../common/cells.ts'
import { containerCells, containerColumns } from '../../common/container-cells.ts'

export const daemonSetColumns: TableColumns = tableColumns<DaemonSet>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Desired', type: 'integer' },
    { name: 'Current', type: 'integer' },
    { name: 'Ready', type: 'integer' },
    { name: 'Up-to-date', type: 'integer' },
    { name: 'Available', type: 'integer' },
    { name: 'Node Selector', type: 'string' },
    { name: 'Age', type: 'string' },
    ...containerColumns,
    { name: 'Selector', type: 'string', priority: 1 },
  ],
  (set, now) => {
    const { metadata, spec, status } = set
    return {
      cells: [
        metadata.name ?? '',
        status?.desiredNumberScheduled ?? 0,
        status?.currentNumberScheduled ?? 0,
        status?.numberReady ?? 0,
        status?.updatedNumberScheduled ?? 0,
        status?.numberAvailable ?? 0,
        formatLabels(spec.template.spec?.nodeSelector),
        ageOf(set, now),
        ...containerCells(spec.template),
        formatLabelSelector(spec.selector ?? undefined),
      ],
    }
  },
)
