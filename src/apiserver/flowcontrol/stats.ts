import { gathered, Histogram } from '#machinery'
import type { LabelSet, MetricFamily, Sample } from '#machinery'
import type { Rejection } from './level.ts'
import type { LevelUse, TimeRatio } from './time-ratio.ts'
import type { Turn } from './turn.ts'

/** Seconds. */
const durationBounds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
const lengthBounds = [0, 10, 25, 50, 100, 250, 500, 1000]
const watchBounds = [0, 1, 10, 100, 1000, 10_000]
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
  /** Watches of what is written. */
  readonly watches: Histogram = new Histogram(watchBounds)
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
  readonly use: LevelUse
}

const prefix = 'apiserver_flowcontrol_'

export function flowFamilies(
  stats: readonly FlowStats[],
  levels: readonly LevelFigures[],
  fairFraction: number,
  now: number,
): readonly MetricFamily[] {
  return [...statsFamilies(stats), ...levelFamilies(levels, fairFraction), ...useFamilies(levels, now)]
}

/** How much of the levels was made use of: counts are nanoseconds, the exempt have nobody wait. */
function useFamilies(levels: readonly LevelFigures[], now: number): readonly MetricFamily[] {
  const of = (level: LevelFigures, value: TimeRatio, phase?: string): Sample => ({
    labels: { priority_level: level.name, ...(phase === undefined ? {} : { phase }) },
    value: value.at(now),
  })
  const histogram = (name: string, help: string, samples: (level: LevelFigures) => readonly Sample[]): MetricFamily =>
    gathered('histogram', prefix + name, help, () => levels.flatMap(samples))
  return [
    histogram('demand_seats', 'Seats that a level wants, as parts of those by its shares.', (level) => [
      of(level, level.use.demand),
    ]),
    histogram('priority_level_seat_utilization', 'Seats that are taken, as parts of those of the level.', (level) => [
      of(level, level.use.seats, 'executing'),
    ]),
    histogram(
      'priority_level_request_utilization',
      'Requests that are served, as parts of the seats of the level, and that wait, as parts of its queues.',
      (level) => [of(level, level.use.executing, 'executing'), of(level, level.use.waiting, 'waiting')],
    ),
  ]
}

function statsFamilies(all: readonly FlowStats[]): readonly MetricFamily[] {
  const used = all.filter(({ dispatched, rejected, waiting }) => dispatched + rejected.size + waiting > 0)
  // Nobody waits who is exempt.
  const limited = used.filter(({ labels }) => labels['priority_level'] !== 'exempt')
  const number = (
    type: 'counter' | 'gauge',
    name: string,
    help: string,
    of: (stats: FlowStats) => number,
    those: readonly FlowStats[] = used,
  ): MetricFamily =>
    gathered(type, prefix + name, help, () => those.map((stats) => ({ labels: stats.labels, value: of(stats) })))
  const histogram = (
    name: string,
    help: string,
    of: (stats: FlowStats) => readonly (readonly [Histogram, LabelSet])[],
    those: readonly FlowStats[] = used,
  ): MetricFamily =>
    gathered('histogram', prefix + name, help, () =>
      those.flatMap((stats) =>
        of(stats).flatMap(([value, more]): readonly Sample[] =>
          value.count === 0 ? [] : [{ labels: { ...stats.labels, ...more }, value }],
        ),
      ),
    )
  return [
    number('counter', 'dispatched_requests_total', 'Requests that were served.', ({ dispatched }) => dispatched),
    gathered('counter', `${prefix}rejected_requests_total`, 'Requests that were turned away.', () =>
      used.flatMap(({ labels, rejected }) =>
        [...rejected].map(([reason, value]) => ({ labels: { ...labels, reason }, value })),
      ),
    ),
    number('gauge', 'current_executing_requests', 'Requests that are served.', ({ executing }) => executing),
    number(
      'gauge',
      'current_executing_seats',
      'Seats of requests that are served.',
      ({ executingSeats }) => executingSeats,
    ),
    number('gauge', 'current_inqueue_requests', 'Requests that wait.', ({ waiting }) => waiting, limited),
    number(
      'gauge',
      'current_inqueue_seats',
      'Seats of requests that wait.',
      ({ waitingSeats }) => waitingSeats,
      limited,
    ),
    histogram(
      'request_wait_duration_seconds',
      'Time that requests waited.',
      ({ waited, waitedInVain }) => [
        [waited, { execute: 'true' }],
        [waitedInVain, { execute: 'false' }],
      ],
      limited,
    ),
    histogram('watch_count_samples', 'Watches that a write has to be told to.', ({ watches }) => [[watches, {}]]),
    histogram('request_execution_seconds', 'Time that requests took.', ({ executed, watched }) => [
      [executed, { type: 'regular' }],
      [watched, { type: 'watch' }],
    ]),
    histogram('request_queue_length_after_enqueue', 'Length of queues that requests came to.', ({ queueLength }) => [
      [queueLength, {}],
    ]),
    histogram('work_estimated_seats', 'Seats that requests were given.', ({ seats }) => [[seats, {}]]),
  ]
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

function levelFamilies(levels: readonly LevelFigures[], fairFraction: number): readonly MetricFamily[] {
  const gauges = levelGauges.map(([name, help, of]) =>
    gathered('gauge', prefix + name, help, () =>
      levels.map((level) => ({ labels: { priority_level: level.name }, value: of(level) })),
    ),
  )
  const fair = gathered('gauge', `${prefix}seat_fair_frac`, 'Part of their target that levels get.', () => [
    { labels: {}, value: fairFraction },
  ])
  return [...gauges, fair]
}
