import { cronjobs } from '#api/batch/v1'
import type { CronJob, Job } from '#api/batch/v1'
import { controllerReference } from '#client'
import { formatIn, zoneOf } from './zone.ts'

/** Name of the job of a time: the same however often it is tried. */
export const jobNameAt = ({ metadata }: CronJob, time: number): string =>
  `${metadata.name ?? ''}-${Math.floor(time / 60_000)}`

export function jobAt(cronJob: CronJob, time: number): Job {
  const { metadata, spec } = cronJob.spec.jobTemplate
  const zone = zoneOf(cronJob.spec.timeZone)
  if (!zone || !spec) throw new Error(`job of ${cronJob.metadata.name ?? ''} can't be made from its template`)
  const { labels = {}, annotations = {} } = metadata ?? {}
  return {
    metadata: {
      name: jobNameAt(cronJob, time),
      namespace: cronJob.metadata.namespace ?? '',
      labels,
      annotations: { ...annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': formatIn(zone, time) },
      ownerReferences: [controllerReference(cronJob, cronjobs)],
    },
    spec,
  }
}

/** `Complete` or `Failed` when a job is over. */
export function endOfJob({ status }: Job): 'Complete' | 'Failed' | undefined {
  const over = (status?.conditions ?? []).find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  )
  return over && (over.type === 'Failed' ? 'Failed' : 'Complete')
}

/** Jobs beyond the history that is kept, oldest first. */
export function beyondHistory(jobs: readonly Job[], limit: number | undefined): readonly Job[] {
  if (limit === undefined || jobs.length <= limit) return []
  return jobs.toSorted(byStart).slice(0, jobs.length - limit)
}

function byStart(a: Job, b: Job): number {
  const start = a.status?.startTime ?? '~'
  const other = b.status?.startTime ?? '~'
  if (start !== other) return start < other ? -1 : 1
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}
