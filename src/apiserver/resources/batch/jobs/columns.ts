import type { Job, JobCondition } from '#api/batch/v1'
import { formatLabelSelector, humanDuration } from '#machinery'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { containerCells, containerColumns } from '../../common/container-cells.ts'
import { isTrue } from './conditions.ts'

export const jobColumns: TableColumns = tableColumns<Job>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Status', type: 'string' },
    { name: 'Completions', type: 'string' },
    { name: 'Duration', type: 'string' },
    { name: 'Age', type: 'string' },
    ...containerColumns,
    { name: 'Selector', type: 'string', priority: 1 },
  ],
  (job, now) => ({
    cells: [
      job.metadata.name ?? '',
      stateOf(job),
      completionsOf(job),
      durationOf(job, now),
      ageOf(job, now),
      ...containerCells(job.spec.template),
      formatLabelSelector(job.spec.selector),
    ],
  }),
)

function stateOf({ status, metadata }: Job): string {
  const first = (types: readonly JobCondition['type'][]): string | undefined =>
    types.find((type) => isTrue(status?.conditions, type))
  return (
    first(['Complete', 'Failed']) ??
    (metadata.deletionTimestamp === undefined ? undefined : 'Terminating') ??
    first(['Suspended', 'FailureTarget', 'SuccessCriteriaMet']) ??
    'Running'
  )
}

function completionsOf({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`
  const { parallelism = 0 } = spec
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationOf({ status }: Job, now: number): string {
  if (status?.startTime === undefined) return ''
  const end = status.completionTime === undefined ? now : Date.parse(status.completionTime)
  return humanDuration(end - Date.parse(status.startTime))
}
