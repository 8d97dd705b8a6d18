import { formatDuration } from '#machinery'
import type { NonResourceHandler } from '../chain/routes.ts'
import type { FlowConfiguration } from './configuration.ts'
import type { PriorityLevel } from './level.ts'
import type { Turn } from './turn.ts'

const folder = '/debug/api_priority_and_fairness/'

/** Pages for people who wonder what waits for what: levels, queues, requests. */
export function flowPages(configuration: () => FlowConfiguration): NonResourceHandler {
  return ({ info: { path }, query }) => {
    if (!path.startsWith(folder)) return undefined
    switch (path.slice(folder.length)) {
      case 'dump_priority_levels':
        return page(levelRows(configuration()))
      case 'dump_queues':
        return page(queueRows(configuration()))
      case 'dump_requests':
        return page(requestRows(configuration(), (query.get('includeRequestDetails') ?? '') !== ''))
      default:
        return undefined
    }
  }
}

type Row = readonly string[]

function page(rows: readonly Row[]): ReturnType<NonResourceHandler> {
  const bytes = new TextEncoder().encode(table(rows))
  return { kind: 'bytes', code: 200, contentType: 'text/plain; charset=utf-8', bytes }
}

const leastWidth = 8

/** Columns one below the other, with a comma and a space behind all but the last. */
function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(leastWidth, ...rows.map((row) => (row[column] ?? '').length + 2)),
  )
  const line = (row: Row): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : `${cell},`.padEnd(widths[column] ?? 0))).join('')
  return rows.map((row) => `${line(row)}\n`).join('')
}

const levelHeads =
  'PriorityLevelName ActiveQueues IsIdle IsQuiescing WaitingRequests ExecutingRequests DispatchedRequests RejectedRequests TimedoutRequests CancelledRequests'

function levelRows(configuration: FlowConfiguration): readonly Row[] {
  const rows = [...configuration.levels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, level]) => {
      const { waiting, executing, dispatched, rejected } = level
      const refused = rejected['concurrency-limit'] + rejected['queue-full']
      const active = level.queues.filter(({ length }) => length > 0).length
      const counts = [waiting, executing, dispatched, refused, rejected['time-out'], rejected.cancelled]
      return [name, String(active), String(waiting + executing === 0), 'false', ...counts.map(String)]
    })
  return [levelHeads.split(' '), ...rows]
}

const queueHeads =
  'PriorityLevelName Index PendingRequests ExecutingRequests SeatsInUse NextDispatchR InitialSeatsSum MaxSeatsSum TotalWorkSum'

function queueRows(configuration: FlowConfiguration): readonly Row[] {
  const rowsOf = (name: string, level: PriorityLevel): readonly Row[] =>
    level.queues.map((queue, index) => [
      name,
      ...[index, queue.length, queue.executing, queue.seatsInUse].map(String),
      seatSeconds(queue.nextStart),
      ...[queue.initialSeatsWaiting, queue.seatsWaiting].map(String),
      seatSeconds(queue.amount),
    ])
  return [queueHeads.split(' '), ...[...configuration.levels].flatMap(([name, level]) => rowsOf(name, level))]
}

const seatSeconds = (seatMillis: number): string => `${(seatMillis / 1000).toFixed(8)}ss`

const requestHeads =
  'PriorityLevelName FlowSchemaName QueueIndex RequestIndexInQueue FlowDistingsher ArriveTime InitialSeats FinalSeats AdditionalLatency StartTime'
const detailHeads = 'UserName Verb APIPath Namespace Name APIVersion Resource SubResource'

function requestRows(configuration: FlowConfiguration, details: boolean): readonly Row[] {
  const heads = details ? `${requestHeads} ${detailHeads}` : requestHeads
  const turns = configuration.stats.flatMap((stats) => [...stats.turns])
  return [heads.split(' '), ...turns.map((turn) => [...requestRow(turn), ...(details ? detailsOf(turn) : [])])]
}

function requestRow(turn: Turn): Row {
  const { flow, queue, work, arrived, started } = turn
  const inQueue = started === 0 ? (flow.level.queues[queue]?.positionOf(turn) ?? -1) : -1
  return [
    flow.stats.labels['priority_level'] ?? '',
    flow.stats.labels['flow_schema'] ?? '',
    String(queue),
    String(inQueue),
    distinguisherOf(turn),
    timeText(arrived),
    String(work.initialSeats),
    String(work.finalSeats),
    formatDuration(work.additionalMs * 1e6),
    started === 0 ? '0001-01-01T00:00:00Z' : timeText(started),
  ]
}

function distinguisherOf({ flow, asking: { user, info } }: Turn): string {
  switch (flow.schema.spec?.distinguisherMethod?.type) {
    case 'ByUser':
      return user.name
    case 'ByNamespace':
      return info.namespace
    default:
      return ''
  }
}

function detailsOf({ asking: { user, info } }: Turn): Row {
  const { verb, path, namespace, name, group, version, resource, subresource } = info
  return [user.name, verb, path, namespace, name, group === '' ? version : `${group}/${version}`, resource, subresource]
}

const timeText = (millis: number): string => new Date(millis).toISOString()
