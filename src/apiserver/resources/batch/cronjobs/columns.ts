import type { CronJob } from '#api/batch/v1'
import { formatLabelSelector, humanDuration } from '#machinery'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { formatBool } from '../../common/cells.ts'
import { containerCells, containerColumns } from '../../common/container-cells.ts'

export const cronJobColumns: TableColumns = tableColumns<CronJob>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Schedule', type: 'string' },
    { name: 'Timezone', type: 'string' },
    { name: 'Suspend', type: 'boolean' },
    { name: 'Active', type: 'integer' },
    { name: 'Last Schedule', type: 'string' },
    { name: 'Age', type: 'string' },
    ...containerColumns,
    { name: 'Selector', type: 'string', priority: 1 },
  ],
  (cronJob, now) => {
    const { metadata, spec, status } = cronJob
    const last = status?.lastScheduleTime
    return {
      cells: [
        metadata.name ?? '',
        spec.schedule,
        spec.timeZone ?? '<none>',
        formatBool(spec.suspend),
        (status?.active ?? []).length,
        last === undefined ? '<none>' : humanDuration(now - Date.parse(last)),
        ageOf(cronJob, now),
        ...containerCells(spec.jobTemplate.spec?.template ?? {}),
        formatLabelSelector(spec.jobTemplate.spec?.selector),
      ],
    }
  },
)
