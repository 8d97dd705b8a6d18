/** A line of the table: what is measured, and what it has to reach. */
export interface Row {
  /** `api.get`. */
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** How many times as good as upstream it has to be. */
  readonly wanted?: number
  /** What the value itself must not exceed, for us; where more is better, what it must not be below. */
  readonly limit?: number
}

/** What goes with a figure: quantiles, processor time per operation, failures. By name with the unit: `p50 ms`. */
export interface Facts {
  readonly [name: string]: number
}

export interface Figure {
  readonly system: string
  readonly row: Row
  readonly value: number
  readonly facts: Facts
}

/** How many times as good as the other one the first value is; `undefined` when that can't be said. */
export function ratio({ better }: Row, ours: number, theirs: number): number | undefined {
  const [good, bad] = better === 'more' ? [ours, theirs] : [theirs, ours]
  const quotient = good / bad
  return Number.isFinite(quotient) ? quotient : undefined
}
