import type { CronJob } from '#api/batch/v1'
import type { Schedule } from './schedule.ts'

/** A job is begun a little after its time, so that the time is over for sure. */
const deltaMs = 100

/** From so many missed times on something must be wrong. */
const manyMissed = 100

interface Recent {
  /** The last time up to now; `undefined` when none has come. */
  readonly time: number | undefined
  /** From when times were looked for. */
  readonly from: number
  readonly missed: 'none' | 'few' | 'many'
}

/** The last time of a schedule that has come since the last job. @throws Error when times are no second apart. */
export function mostRecentTime(cronJob: CronJob, now: number, schedule: Schedule, useDeadline: boolean): Recent {
  const { startingDeadlineSeconds } = cronJob.spec
  let from = Date.parse(cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp ?? '')
  if (useDeadline && startingDeadlineSeconds !== undefined) {
    from = Math.max(from, now - startingDeadlineSeconds * 1000)
  }
  const first = schedule.next(from)
  const second = first === undefined ? undefined : schedule.next(first)
  if (first === undefined || now < first) return { time: undefined, from, missed: 'none' }
  if (second === undefined || now < second) return { time: first, from, missed: 'none' }
  const between = Math.round((second - first) / 1000)
  if (between < 1) throw new Error('time difference between two schedules is less than 1 second')
  const count = Math.floor(Math.floor((now - first) / 1000) / between) + 1
  // Most schedules are regular: begin near the end.
  let time: number | undefined
  let candidate = schedule.next(first + (count - 2) * between * 1000)
  while (candidate !== undefined && candidate <= now) {
    time = candidate
    candidate = schedule.next(candidate)
  }
  return { time, from, missed: count > manyMissed ? 'many' : 'few' }
}

/** Milliseconds until the next time. */
export function untilNextTime(cronJob: CronJob, now: number, schedule: Schedule): number | undefined {
  let after = now
  try {
    const { time, from, missed } = mostRecentTime(cronJob, now, schedule, false)
    after = time ?? (missed === 'none' ? from : now)
  } catch {
    // Too dense a schedule is looked at again soon.
  }
  const next = schedule.next(after)
  return next === undefined ? undefined : next + deltaMs - now
}
