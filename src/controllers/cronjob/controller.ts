import { messageOf } from '#base'
import type { Draft } from '#api'
import { cronjobs, jobs } from '#api/batch/v1'
import type { CronJob, CronJobStatus, Job } from '#api/batch/v1'
import { controllerOf, isControlledBy } from '#client'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { isAlreadyExists, isNamespaceTerminating, isNotFound, keyOf, quote } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { indexByController, ownedBy } from '../common/meta/owned.ts'
import { controllerChanged, resolveOwner, watchEvents } from '../common/meta/watch.ts'
import { beyondHistory, endOfJob, jobAt, jobNameAt } from './jobs.ts'
import { parseSchedule } from './schedule.ts'
import type { Schedule } from './schedule.ts'
import { mostRecentTime, untilNextTime } from './times.ts'
import { zoneOf } from './zone.ts'

/** A cron job in the midst of a turn. */
interface Turn {
  cronJob: CronJob
  readonly status: Draft<CronJobStatus>
  changed: boolean
}

/** Begins jobs at their times, and keeps so many that are over. */
export class CronJobController implements Controller {
  readonly concurrency = 5
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #cronJobs: Informer<CronJob>
  readonly #jobs: Informer<Job>
  readonly #record: Recorder<CronJob>

  constructor(context: ControllerContext) {
    const { informers, queue, events } = context
    this.#context = context
    this.#cronJobs = informers.informer(cronjobs)
    this.#jobs = indexByController(informers.informer(jobs))
    this.#record = recorderFor(events, cronjobs)
    const enqueueOwner = (job: Job): void => {
      const owner = resolveOwner(this.#cronJobs, job.metadata.namespace, controllerOf(job))
      if (owner) queue.add(keyOf(owner))
    }
    this.watches = [
      watchEvents(cronjobs, {
        added: (cronJob) => queue.add(keyOf(cronJob)),
        updated: (old, cronJob) => this.#cronJobChanged(old, cronJob),
        deleted: (cronJob) => queue.add(keyOf(cronJob)),
      }),
      watchEvents(jobs, {
        added: enqueueOwner,
        updated: (old, job) => {
          if (old.metadata.resourceVersion === job.metadata.resourceVersion) return
          if (controllerChanged(old, job)) enqueueOwner(old)
          enqueueOwner(job)
        },
        deleted: enqueueOwner,
      }),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const cronJob = this.#cronJobs.lister.getByKey(key)
    if (!cronJob) return
    const owned = [...ownedBy(this.#jobs, cronJob)]
    const { active, ...others } = cronJob.status ?? {}
    const turn: Turn = { cronJob, status: { ...others, active: [...(active ?? [])] }, changed: false }
    await this.#cleanUp(turn, owned)
    let requeueAfterMs: number | undefined
    let failure: unknown
    try {
      requeueAfterMs = await this.#sync(turn, owned)
    } catch (error) {
      failure = error
    }
    if (turn.changed) await this.#writeStatus(turn)
    if (requeueAfterMs !== undefined) return { requeueAfterMs }
    if (failure !== undefined) throw failure
  }

  async #writeStatus({ cronJob, status }: Turn): Promise<void> {
    const { active = [], ...others } = status
    const next = active.length === 0 ? others : { ...others, active }
    await this.#context.client.update(cronjobs, { ...cronJob, status: next }, { subresource: 'status' })
  }

  /** @returns milliseconds until the next time. */
  async #sync(turn: Turn, owned: readonly Job[]): Promise<number | undefined> {
    const { clock } = this.#context
    await this.#followJobs(turn, owned)
    const { cronJob, status } = turn
    const { schedule: text, timeZone, suspend, startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec
    if (cronJob.metadata.deletionTimestamp !== undefined) return undefined
    if (timeZone !== undefined && !zoneOf(timeZone)) {
      const message = `invalid timeZone: ${quote(timeZone)}: unknown time zone ${timeZone}`
      this.#record(cronJob, 'Warning', 'UnknownTimeZone', message)
      return undefined
    }
    if (suspend === true) return undefined
    const schedule = this.#schedule(cronJob)
    if (!schedule) return undefined
    const now = clock.now()
    const scheduled: CronJob = { ...cronJob, status }
    const until = (): number | undefined => untilNextTime({ ...cronJob, status }, now, schedule)
    let time: number | undefined
    try {
      const recent = mostRecentTime(scheduled, now, schedule, true)
      time = recent.time
      if (time !== undefined && recent.missed === 'many') {
        const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
        this.#record(cronJob, 'Warning', 'TooManyMissedTimes', message)
      }
    } catch (error) {
      this.#record(cronJob, 'Warning', 'InvalidSchedule', `invalid schedule: ${text} : ${messageOf(error)}`)
      return undefined
    }
    if (time === undefined) return until()
    if (startingDeadlineSeconds !== undefined && time + startingDeadlineSeconds * 1000 < now) {
      const late = new Date(time).toUTCString().replace('GMT', '+0000')
      this.#record(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${late}`)
      return until()
    }
    const name = jobNameAt(cronJob, time)
    const isActive = (status.active ?? []).some((each) => each.name === name)
    if (isActive || Date.parse(status.lastScheduleTime ?? '') === time) return until()
    if (concurrencyPolicy === 'Forbid' && (status.active ?? []).length > 0) {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
      this.#record(cronJob, 'Normal', 'JobAlreadyActive', message)
      return until()
    }
    if (concurrencyPolicy === 'Replace') await this.#replaceActive(turn)
    return (await this.#start(turn, time)) ? until() : undefined
  }

  #schedule(cronJob: CronJob): Schedule | undefined {
    const { schedule: text, timeZone } = cronJob.spec
    if (text.includes('TZ')) {
      const message = `CRON_TZ or TZ used in schedule ${quote(text)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`
      this.#record(cronJob, 'Warning', 'UnsupportedSchedule', message)
    }
    try {
      return parseSchedule(text, timeZone)
    } catch (error) {
      const message = `unparseable schedule: ${quote(text)} : ${messageOf(error)}`
      this.#record(cronJob, 'Warning', 'UnparseableSchedule', message)
      return undefined
    }
  }

  /** The list of active jobs follows what became of them. */
  async #followJobs(turn: Turn, owned: readonly Job[]): Promise<void> {
    const { client } = this.#context
    const { status } = turn
    for (const job of owned) {
      const { uid = '', name = '' } = job.metadata
      const isListed = (status.active ?? []).some((each) => each.uid === uid)
      const end = endOfJob(job)
      if (!isListed && !end) {
        const { namespace = '', name: own = '' } = turn.cronJob.metadata
        const fresh = await client.get(cronjobs, { namespace, name: own })
        if (fresh.status?.active?.some((each) => each.uid === uid)) {
          turn.cronJob = fresh
          Object.assign(status, { ...fresh.status, active: [...(fresh.status.active ?? [])] })
          continue
        }
        const message = `Saw a job that the controller did not create or forgot: ${name}`
        this.#record(turn.cronJob, 'Warning', 'UnexpectedJob', message)
      } else if (end) {
        if (isListed) {
          this.#unlist(turn, uid)
          this.#record(turn.cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end}`)
        }
        const completed = job.status?.completionTime
        if (end === 'Complete' && completed !== undefined && completed > (status.lastSuccessfulTime ?? '')) {
          status.lastSuccessfulTime = completed
          turn.changed = true
        }
      }
    }
    const known = new Set(owned.map(({ metadata }) => metadata.uid))
    for (const { uid = '', name = '', namespace = '' } of status.active ?? []) {
      if (known.has(uid)) continue
      try {
        await client.get(jobs, { namespace, name })
      } catch (error) {
        if (!isNotFound(error)) throw error
        this.#record(turn.cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`)
        this.#unlist(turn, uid)
      }
    }
  }

  async #replaceActive(turn: Turn): Promise<void> {
    const { client } = this.#context
    for (const { name = '', namespace = '' } of turn.status.active ?? []) {
      let job: Job
      try {
        job = await client.get(jobs, { namespace, name })
      } catch (error) {
        this.#record(turn.cronJob, 'Warning', 'FailedGet', `Get job: ${messageOf(error)}`)
        throw error
      }
      if (!(await this.#delete(turn, job))) throw new Error(`could not replace job ${namespace}/${name}`)
    }
  }

  /** @returns false when the time is someone else's already. */
  async #start(turn: Turn, time: number): Promise<boolean> {
    const { client } = this.#context
    const { cronJob, status } = turn
    const wanted = jobAt(cronJob, time)
    let job: Job
    try {
      job = await client.create(jobs, wanted)
      this.#record(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name ?? ''}`)
    } catch (error) {
      if (isAlreadyExists(error)) {
        const { namespace = '', name = '' } = wanted.metadata
        job = await client.get(jobs, { namespace, name })
        const isListed = (status.active ?? []).some(({ uid }) => uid === job.metadata.uid)
        if (!isControlledBy(job, cronJob) || isListed) return false
      } else {
        if (!isNamespaceTerminating(error)) {
          this.#record(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${messageOf(error)}`)
        }
        throw error
      }
    }
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = job.metadata
    const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion }
    status.active = [...(status.active ?? []), reference]
    status.lastScheduleTime = new Date(time).toISOString().replace('.000', '')
    turn.changed = true
    return true
  }

  async #cleanUp(turn: Turn, owned: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = turn.cronJob.spec
    const ended = (end: 'Complete' | 'Failed'): Job[] => owned.filter((job) => endOfJob(job) === end)
    for (const job of [
      ...beyondHistory(ended('Complete'), successfulJobsHistoryLimit),
      ...beyondHistory(ended('Failed'), failedJobsHistoryLimit),
    ]) {
      await this.#delete(turn, job)
    }
  }

  async #delete(turn: Turn, { metadata }: Job): Promise<boolean> {
    const { namespace = '', name = '', uid = '' } = metadata
    try {
      await this.#context.client.delete(jobs, { namespace, name }, { propagationPolicy: 'Background' })
    } catch (error) {
      this.#record(turn.cronJob, 'Warning', 'FailedDelete', `Deleted job: ${messageOf(error)}`)
      return false
    }
    this.#unlist(turn, uid)
    this.#record(turn.cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`)
    return true
  }

  #unlist(turn: Turn, uid: string): void {
    turn.status.active = (turn.status.active ?? []).filter((each) => each.uid !== uid)
    turn.changed = true
  }

  /** A new schedule counts from its next time on. */
  #cronJobChanged(old: CronJob, cronJob: CronJob): void {
    const { queue, clock } = this.#context
    const key = keyOf(cronJob)
    const { schedule: text, timeZone } = cronJob.spec
    if (old.spec.schedule === text && old.spec.timeZone === timeZone) return queue.add(key)
    try {
      const until = untilNextTime(cronJob, clock.now(), parseSchedule(text, timeZone))
      if (until !== undefined) queue.addAfter(key, until)
    } catch {
      const message = `unparseable schedule for cronjob: ${text}`
      this.#record(cronJob, 'Warning', 'UnParseableCronJobSchedule', message)
    }
  }
}
