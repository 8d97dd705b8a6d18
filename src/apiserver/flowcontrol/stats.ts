import { headText, Histogram, labelText, numberText } from '#machinery'
import type { LabelSet } from '#machinery'
import type { Rejection } from './level.ts'
import type { Turn } from './turn.ts'

/** Seconds. */
const durationBounds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
const lengthBounds = [0, 10, 25, 50, 100, 250, 500, 1000]
const seatBounds = [1, 2, 4, 8, 16, 32, 64, 100]

/** What became of the requests of one flow schema at one priority level. */
export class FlowStats {
  readonly labels: LabelSet
  readonly rejected: Map<Rejection, number> = new Map()
  dispatched = 0
  executing = 0
  executingSeats = 0
  waiting = 0
  waitingSeats = 0
  readonly waited: Histogram = new Histogram(durationBounds)
  readonly waitedInVain: Histogram = new Histogram(durationBounds)
  readonly executed: Histogram = new Histogram(durationBounds)
  readonly watched: Histogram = new Histogram(durationBounds)
  readonly queueLength: Histogram = new Histogram(lengthBounds)
  readonly seats: Histogram = new Histogram(seatBounds)
  /** Requests that wait or are served. */
  readonly turns: Set<Turn> = new Set()

  constructor(level: string, schema: string) {
    this.labels = { priority_level: level, flow_schema: schema }
  }
}

/** What became of one priority level. */
export interface LevelFigures {
  readonly name: string
  readonly nominal: number
  readonly lower: number
  readonly upper: number
  readonly current: number
  readonly highest: number
  readonly average: number
  readonly deviation: number
  readonly smoothed: number
  readonly target: number
}

const prefix = 'apiserver_flowcontrol_'

/** Lines of `/metrics`. */
export function flowText(stats: readonly FlowStats[], levels: readonly LevelFigures[], fairFraction: number): string {
  return statsText(stats) + levelsText(levels, fairFraction)
}

function statsText(all: readonly FlowStats[]): string {
  const used = all.filter(({ dispatched, rejected, waiting }) => dispatched + rejected.size + waiting > 0)
  const gauge = (name: string, help: string, of: (stats: FlowStats) => number): string =>
    numbers(
      'gauge',
      name,
      help,
      used.map((stats) => [stats.labels, of(stats)] as const),
    )
  const histogram = (
    name: string,
    help: string,
    of: (stats: FlowStats) => readonly (readonly [Histogram, LabelSet])[],
  ): string => {
    const lines = used.flatMap((stats) =>
      of(stats).flatMap(([one, more]) =>
        one.count === 0 ? [] : [one.text(prefix + name, { ...stats.labels, ...more })],
      ),
    )
    return lines.length === 0 ? '' : headText(prefix + name, 'histogram', help) + lines.join('')
  }
  const refusals = used.flatMap(({ labels, rejected }) =>
    [...rejected].map(([reason, count]) => [{ ...labels, reason }, count] as const),
  )
  return [
    numbers(
      'counter',
      'dispatched_requests_total',
      'Requests that were served.',
      used.map(({ labels, dispatched }) => [labels, dispatched] as const),
    ),
    numbers('counter', 'rejected_requests_total', 'Requests that were turned away.', refusals),
    gauge('current_executing_requests', 'Requests that are served.', ({ executing }) => executing),
    gauge('current_executing_seats', 'Seats of requests that are served.', ({ executingSeats }) => executingSeats),
    gauge('current_inqueue_requests', 'Requests that wait.', ({ waiting }) => waiting),
    gauge('current_inqueue_seats', 'Seats of requests that wait.', ({ waitingSeats }) => waitingSeats),
    histogram('request_wait_duration_seconds', 'Time that requests waited.', ({ waited, waitedInVain }) => [
      [waited, { execute: 'true' }],
      [waitedInVain, { execute: 'false' }],
    ]),
    histogram('request_execution_seconds', 'Time that requests took.', ({ executed, watched }) => [
      [executed, { type: 'regular' }],
      [watched, { type: 'watch' }],
    ]),
    histogram('request_queue_length_after_enqueue', 'Length of queues that requests came to.', ({ queueLength }) => [
      [queueLength, {}],
    ]),
    histogram('work_estimated_seats', 'Seats that requests were given.', ({ seats }) => [[seats, {}]]),
  ].join('')
}

const levelGauges: readonly (readonly [string, string, (level: LevelFigures) => number])[] = [
  ['nominal_limit_seats', 'Seats of a level by its shares.', ({ nominal }) => nominal],
  ['lower_limit_seats', 'Seats that a level never lends.', ({ lower }) => lower],
  ['upper_limit_seats', 'Seats of a level with all that it may borrow.', ({ upper }) => upper],
  ['current_limit_seats', 'Seats of a level at the moment.', ({ current }) => current],
  ['demand_seats_high_watermark', 'Most seats that a level wanted of late.', ({ highest }) => highest],
  ['demand_seats_average', 'Seats that a level wanted of late, on average.', ({ average }) => average],
  ['demand_seats_stdev', 'How far that strayed.', ({ deviation }) => deviation],
  ['demand_seats_smoothed', 'Seats that a level is reckoned to want.', ({ smoothed }) => smoothed],
  ['target_seats', 'Seats that a level is to get if there are enough.', ({ target }) => target],
]

function levelsText(levels: readonly LevelFigures[], fairFraction: number): string {
  const gauges = levelGauges.map(([name, help, of]) =>
    numbers(
      'gauge',
      name,
      help,
      levels.map((level) => [{ priority_level: level.name }, of(level)] as const),
    ),
  )
  return (
    gauges.join('') + numbers('gauge', 'seat_fair_frac', 'Part of their target that levels get.', [[{}, fairFraction]])
  )
}

function numbers(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  values: readonly (readonly [LabelSet, number])[],
): string {
  if (values.length === 0) return ''
  const lines = values.map(([labels, value]) => `${prefix}${name}${labelText(labels)} ${numberText(value)}\n`)
  return headText(prefix + name, type, help) + lines.join('')
}
