import type { PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import type { QueuingRules } from './level.ts'

/** What the configuration of a priority level comes to on this server. */
export interface LevelLimits {
  readonly exempt: boolean
  /** Seats by its shares. */
  readonly nominal: number
  /** Seats that it never lends. */
  readonly least: number
  /** Seats with all that it may borrow. */
  readonly most: number
  readonly queuing: QueuingRules | undefined
  /** Most seats that one request gets; 0 when that does not depend on the level. */
  readonly maxSeats: number
}

/** The part of a level's seats that one request gets at most. */
const largestPart = 0.15

/** Seats of each level, of `total` that the server has. */
export function limitsOf(
  levels: readonly PriorityLevelConfiguration[],
  total: number,
): ReadonlyMap<PriorityLevelConfiguration, LevelLimits> {
  const sum = levels.reduce((shares, level) => shares + sharesOf(level).shares, 0)
  const seatsFor = (shares: number): number => (sum === 0 ? 0 : Math.ceil((total * shares) / sum))
  return new Map(
    levels.map((level) => {
      const { exempt, shares, lendable, borrowing } = sharesOf(level)
      const nominal = seatsFor(shares)
      const queuing = queuingOf(level)
      return [
        level,
        {
          exempt,
          nominal,
          least: nominal - Math.round((nominal * lendable) / 100),
          most: nominal + (borrowing === undefined ? total : Math.round((nominal * borrowing) / 100)),
          queuing,
          maxSeats: queuing
            ? Math.max(1, Math.min(Math.ceil(nominal * largestPart), Math.floor(nominal / queuing.handSize)))
            : 0,
        },
      ]
    }),
  )
}

interface Shares {
  readonly exempt: boolean
  readonly shares: number
  readonly lendable: number
  readonly borrowing: number | undefined
}

const defaultShares = 30

function sharesOf({ spec }: PriorityLevelConfiguration): Shares {
  if (spec?.type === 'Exempt') {
    const { nominalConcurrencyShares = 0, lendablePercent = 0 } = spec.exempt ?? {}
    return { exempt: true, shares: nominalConcurrencyShares, lendable: lendablePercent, borrowing: undefined }
  }
  const { nominalConcurrencyShares = defaultShares, lendablePercent = 0, borrowingLimitPercent } = spec?.limited ?? {}
  return {
    exempt: false,
    shares: nominalConcurrencyShares,
    lendable: lendablePercent,
    borrowing: borrowingLimitPercent,
  }
}

function queuingOf({ spec }: PriorityLevelConfiguration): QueuingRules | undefined {
  const response = spec?.type === 'Limited' ? spec.limited?.limitResponse : undefined
  if (response?.type !== 'Queue') return undefined
  const { queues = 64, handSize = 8, queueLengthLimit = 50 } = response.queuing ?? {}
  return { queues, handSize, queueLengthLimit }
}
