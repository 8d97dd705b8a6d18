import type { FlowSchema, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import type { Clock } from '#base'
import type { MetricFamily } from '#machinery'
import { mandatoryLevels, mandatorySchemas } from '../bootstrap/flowcontrol/objects.ts'
import { Demand, lendSeats } from './borrowing.ts'
import type { Party } from './borrowing.ts'
import { Classifier } from './classify.ts'
import type { FlowClass } from './classify.ts'
import { DroppedRequests } from './dropped.ts'
import { PriorityLevel } from './level.ts'
import { limitsOf } from './limits.ts'
import type { LevelLimits } from './limits.ts'
import { FlowStats, flowFamilies } from './stats.ts'

interface LevelState extends Party {
  readonly configuration: PriorityLevelConfiguration
  readonly dropped: DroppedRequests
}

/** The priority levels of the server as they are configured. They last through changes of their configuration. */
export class FlowConfiguration {
  readonly #clock: Clock
  readonly #seats: number
  #states: ReadonlyMap<string, LevelState> = new Map()
  #classifier: Classifier | undefined
  /** By level and schema: they last through changes of the configuration, too. */
  readonly #stats = new Map<string, FlowStats>()
  /** Part of their target that levels got last. */
  #fairFraction = 0

  /** @param seats of the whole server */
  constructor(clock: Clock, seats: number) {
    this.#clock = clock
    this.#seats = seats
  }

  /** @throws Error before there is a configuration */
  get classifier(): Classifier {
    if (!this.#classifier) throw new Error('flow control has no configuration yet')
    return this.#classifier
  }

  get levels(): ReadonlyMap<string, PriorityLevel> {
    return new Map([...this.#states].map(([name, { level }]) => [name, level]))
  }

  get stats(): readonly FlowStats[] {
    return [...this.#stats.values()]
  }

  families(): readonly MetricFamily[] {
    const figures = [...this.#states].map(([name, { level, limits, demand }]) => ({
      name,
      nominal: limits.nominal,
      lower: limits.least,
      upper: limits.most,
      current: limits.exempt ? Math.max(limits.least, demand.highest) : level.limit,
      highest: demand.highest,
      average: demand.average,
      deviation: demand.deviation,
      smoothed: demand.smoothed,
      target: demand.target,
      use: level.use,
    }))
    return flowFamilies(this.stats, figures, this.#fairFraction, this.#clock.monotonic())
  }

  #statsOf(level: string, schema: string): FlowStats {
    const key = `${level} ${schema}`
    let stats = this.#stats.get(key)
    if (!stats) this.#stats.set(key, (stats = new FlowStats(level, schema)))
    return stats
  }

  /** Takes a new configuration. What can't be done without is there even if it is missing. */
  configure(levels: Iterable<PriorityLevelConfiguration>, schemas: Iterable<FlowSchema>): void {
    const limits = limitsOf(completed(levels, mandatoryLevels), this.#seats)
    const states = new Map<string, LevelState>()
    for (const [configuration, limit] of limits) {
      const name = nameOf(configuration)
      states.set(name, this.#state(this.#states.get(name), configuration, limit))
    }
    this.#states = states
    const classes = completed(schemas, mandatorySchemas).flatMap((schema) => this.#classOf(schema, states) ?? [])
    const last = classes.find(({ schema }) => nameOf(schema) === 'catch-all')
    if (!last) throw new Error('the flow schema catch-all has no priority level')
    this.#classifier = new Classifier(classes, last)
    this.lend()
  }

  #state(known: LevelState | undefined, configuration: PriorityLevelConfiguration, limits: LevelLimits): LevelState {
    const level = known?.level ?? new PriorityLevel(this.#clock)
    level.setQueuing(limits.queuing)
    if (limits.exempt) level.setLimit(Infinity)
    else if (!known || known.limits.exempt)
      level.setLimit(limits.nominal - Math.floor((limits.nominal - limits.least) / 2))
    level.setNominal(limits.nominal)
    return {
      configuration,
      level,
      limits,
      demand: known?.demand ?? new Demand(),
      dropped: known?.dropped ?? new DroppedRequests(this.#clock),
    }
  }

  /** Lets levels borrow seats of others, as their demand was since the last time. */
  lend(): void {
    this.#fairFraction = lendSeats([...this.#states.values()])
  }

  /** `undefined` for a schema whose priority level does not exist: it is as if the schema did not exist. */
  #classOf(schema: FlowSchema, states: ReadonlyMap<string, LevelState>): FlowClass | undefined {
    const levelName = schema.spec?.priorityLevelConfiguration.name ?? ''
    const state = states.get(levelName)
    if (!state) return undefined
    const { level, limits, dropped, configuration } = state
    return {
      schema,
      level,
      dropped,
      stats: this.#statsOf(levelName, nameOf(schema)),
      exempt: limits.exempt,
      maxSeats: limits.maxSeats,
      headers: {
        'x-kubernetes-pf-flowschema-uid': schema.metadata.uid ?? '',
        'x-kubernetes-pf-prioritylevel-uid': configuration.metadata.uid ?? '',
      },
    }
  }
}

const nameOf = ({ metadata }: FlowSchema | PriorityLevelConfiguration): string => metadata.name ?? ''

function completed<T extends FlowSchema | PriorityLevelConfiguration>(
  configured: Iterable<T>,
  mandatory: readonly T[],
): readonly T[] {
  const all = [...configured]
  const names = new Set(all.map(nameOf))
  return [...all, ...mandatory.filter((object) => !names.has(nameOf(object)))]
}
