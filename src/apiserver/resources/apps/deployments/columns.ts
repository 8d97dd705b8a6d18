import type { Deployment } from '#api/apps/v1'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { containerCells, containerColumns } from '../../common/container-cells.ts'
import { selectorIfValid } from '../../common/selectors.ts'

export const deploymentColumns: TableColumns = tableColumns<Deployment>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Ready', type: 'string' },
    { name: 'Up-to-date', type: 'string' },
    { name: 'Available', type: 'string' },
    { name: 'Age', type: 'string' },
    ...containerColumns,
    { name: 'Selector', type: 'string', priority: 1 },
  ],
  (deployment, now) => {
    const { metadata, spec, status = {} } = deployment
    return {
      cells: [
        metadata.name ?? '',
        `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
        status.updatedReplicas ?? 0,
        status.availableReplicas ?? 0,
        ageOf(deployment, now),
        ...containerCells(spec.template),
        selectorIfValid(spec.selector)?.toString() ?? '<invalid>',
      ],
    }
  },
)
