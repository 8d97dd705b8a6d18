import { divide } from './allocation.ts'
import type { Integral } from './integrator.ts'
import type { PriorityLevel } from './level.ts'
import type { LevelLimits } from './limits.ts'

/** How slowly the demand that is reckoned with falls. */
const smoothing = 0.977

/** What a level wanted of late. */
export class Demand {
  highest = 0
  average = 0
  deviation = 0
  smoothed = 0
  /** Seats that the level is to get if there are enough. */
  target = 0

  note({ seconds, average, deviation, max }: Integral): void {
    this.highest = Math.round(max)
    this.average = average
    this.deviation = deviation
    if (seconds <= 0) return
    const envelope = average + deviation
    this.smoothed = Math.max(envelope, smoothing * this.smoothed + (1 - smoothing) * envelope)
  }
}

/** A level that lends and borrows. */
export interface Party {
  readonly level: PriorityLevel
  readonly limits: LevelLimits
  readonly demand: Demand
}

/**
 * Gives seats that some levels don't need to those that do, within what each lends and borrows.
 * @returns the part of their targets that levels get, where that is what was divided by; else 0
 */
export function lendSeats(parties: readonly Party[]): number {
  let seats = 0
  for (const { level, limits, demand } of parties) {
    demand.note(level.demand.take())
    seats += limits.nominal
    if (limits.exempt) seats -= Math.max(limits.least, demand.highest)
  }
  const bounded = parties.filter(({ limits }) => !limits.exempt)
  const sum = (of: (party: Party) => number): number => bounded.reduce((so, party) => so + of(party), 0)
  const least = sum(({ limits }) => limits.least)
  const needed = sum(need)
  for (const party of bounded) party.demand.target = Math.max(need(party), party.demand.smoothed)
  if (seats <= least) {
    for (const { level, limits } of bounded) level.setLimit(limits.least)
  } else if (seats <= needed) {
    const part = (seats - least) / (needed - least)
    for (const party of bounded) {
      const { level, limits } = party
      level.setLimit(limits.least + Math.round((need(party) - limits.least) * part))
    }
  } else {
    const shares = divide(
      seats,
      bounded.map((party) => ({
        lower: need(party),
        upper: party.limits.most,
        target: party.demand.target,
      })),
    )
    for (const [index, { level }] of bounded.entries()) level.setLimit(Math.round(shares?.parts[index] ?? level.limit))
    return shares?.fraction ?? 0
  }
  return 0
}

/** A level keeps what it made use of, up to its nominal seats. */
function need({ limits, demand }: Party): number {
  return Math.max(limits.least, Math.min(limits.nominal, demand.highest))
}
