import { formatDuration, Quantity, timeOfMillis } from '#machinery'
import type { Point } from './points.ts'

/** What something used over a while. */
export interface Usage {
  /** The end of that while, in milliseconds since 1970, and how long it was. */
  readonly at: number
  readonly windowMs: number
  /** Billionths of a processor, and bytes at the end. */
  readonly cpuNanos: number
  readonly memoryBytes: number
}

/** How long something that was not there before must have run for a rate, in milliseconds. */
const youngestMs = 10_000

/** @param before absent for what was not there yet. @returns `undefined` where the points say nothing of a while */
export function usageBetween(before: Point | undefined, after: Point): Usage | undefined {
  const { at, cpuSeconds, memoryBytes } = after
  const from = before && continues(before, after) ? before : startOf(after)
  if (!from || at <= from.at) return undefined
  const windowMs = at - from.at
  const cpuNanos = Math.trunc(((cpuSeconds - from.cpuSeconds) * 1e12) / windowMs)
  return { at, windowMs, cpuNanos, memoryBytes }
}

/** Whether both are of one life: what starts again counts from nothing. */
function continues(before: Point, after: Point): boolean {
  return before.cpuSeconds <= after.cpuSeconds && (before.startedAt ?? 0) >= (after.startedAt ?? 0)
}

function startOf({ at, startedAt }: Point): Pick<Point, 'at' | 'cpuSeconds'> | undefined {
  return startedAt !== undefined && at - startedAt >= youngestMs ? { at: startedAt, cpuSeconds: 0 } : undefined
}

/** As the API writes it. */
export const quantitiesOf = ({ cpuNanos, memoryBytes }: Usage): { readonly cpu: string; readonly memory: string } => ({
  cpu: Quantity.of(cpuNanos, -9).toString(),
  memory: Quantity.of(Math.trunc(memoryBytes), 0, 'BinarySI').toString(),
})

/** End and length of the while, as the API writes them. */
export const intervalOf = ({ at, windowMs }: Usage): { readonly timestamp: string; readonly window: string } => ({
  timestamp: timeOfMillis(at),
  window: formatDuration(Math.round(windowMs * 1e6)),
})
