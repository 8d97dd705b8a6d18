import type { Event as CoreEvent } from '#api/core/v1'
import type { Event } from '#api/events/v1'
import { humanDuration } from '#machinery'
import type { TableColumn, TableColumns, TableRowCells } from '../../../table/columns.ts'
import { tableColumns } from '../../../table/columns.ts'
import { toCoreEvent } from './convert.ts'

const columns: readonly TableColumn[] = [
  { name: 'Last Seen', type: 'string' },
  { name: 'Type', type: 'string' },
  { name: 'Reason', type: 'string' },
  { name: 'Object', type: 'string' },
  { name: 'Subobject', type: 'string', priority: 1 },
  { name: 'Source', type: 'string', priority: 1 },
  { name: 'Message', type: 'string' },
  { name: 'First Seen', type: 'string', priority: 1 },
  { name: 'Count', type: 'string', priority: 1 },
  { name: 'Name', type: 'string', format: 'name', priority: 1 },
]

export const coreEventColumns: TableColumns = tableColumns<CoreEvent>(columns, row)

export const eventColumns: TableColumns = tableColumns<Event>(columns, (event, now) => row(toCoreEvent(event), now))

function row(event: CoreEvent, now: number): TableRowCells {
  const { involvedObject: subject, series } = event
  const since = (time: string | null | undefined): string =>
    time ? humanDuration(now - Date.parse(time)) : '<unknown>'
  const first = since(event.firstTimestamp || event.eventTime)
  const last = event.lastTimestamp ? since(event.lastTimestamp) : first
  const kind = (subject.kind ?? '').toLowerCase()
  return {
    cells: [
      series ? since(series.lastObservedTime) : last,
      event.type ?? '',
      event.reason ?? '',
      subject.name ? `${kind}/${subject.name}` : kind,
      subject.fieldPath ?? '',
      sourceOf(event),
      (event.message ?? '').trim(),
      first,
      series ? (series.count ?? 0) : event.count || 1,
      event.metadata.name ?? '',
    ],
  }
}

function sourceOf({ source, reportingComponent, reportingInstance }: CoreEvent): string {
  const component = source?.component || reportingComponent || ''
  const instance = source?.host || reportingInstance || ''
  return instance === '' ? component : `${component}, ${instance}`
}
