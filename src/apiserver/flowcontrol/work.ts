/** What a request will take. */
export interface Work {
  /** Seats while it is served. */
  readonly initialSeats: number
  /** Seats after that, while its consequences (events to watchers) are dealt with. */
  readonly finalSeats: number
  /** For how long after, in milliseconds. */
  readonly additionalMs: number
}

export const oneSeat: Work = { initialSeats: 1, finalSeats: 0, additionalMs: 0 }

export const seatsOf = ({ initialSeats, finalSeats }: Work): number => Math.max(initialSeats, finalSeats)

/** How long a request is taken to last before it is known, in milliseconds. */
export const guessedMs = 3

/** Seats times milliseconds. */
export const amountOf = ({ initialSeats, finalSeats, additionalMs }: Work): number =>
  initialSeats * guessedMs + finalSeats * additionalMs
