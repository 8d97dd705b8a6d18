import { messageOf } from '#base'
import { jobs } from '#api/batch/v1'
import type { Job, JobCondition, JobStatus } from '#api/batch/v1'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { claimObjects, controllerOf, Expectations, recheckController } from '#client'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { isNotFound, keyOf, timeOfMillis } from '#machinery'
import { OwnWrites, unseenWritesDelay } from '../common/meta/consistency.ts'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { orphansIn, ownedBy, ownedByUid } from '../common/meta/owned.ts'
import { selectorFor } from '../common/meta/selectors.ts'
import { resolveOwner, watchEvents } from '../common/meta/watch.ts'
import { podInformer } from '../common/pods/owned.ts'
import { PodControl } from '../common/pods/pod-control.ts'
import { noFailures } from './backoff.ts'
import type { BackoffRecord } from './backoff.ts'
import { deleteActivePods, managePods, removeTracking } from './manage.ts'
import type { ManageTools } from './manage.ts'
import { batchMs, jobPodEvents, orphanPrefix } from './pod-events.ts'
import {
  isFinished,
  isManagedElsewhere,
  isSuspended,
  isTracked,
  jobCondition,
  trackingFinalizer,
  withJobCondition,
} from './state.ts'
import { trackPods } from './track.ts'
import type { TrackTools } from './track.ts'
import { JobTurn } from './turn.ts'
import { deadlineMs, endOf } from './verdict.ts'

const selectorPrefix = 'orphans/'

/** Runs pods until as many as asked for have succeeded. */
export class JobController implements Controller {
  readonly concurrency: number
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #jobs: Informer<Job>
  readonly #pods: Informer<Pod>
  readonly #record: Recorder<Job>
  readonly #podControl: PodControl<Job>
  readonly #expectations: Expectations
  readonly #writes: OwnWrites
  readonly #backoff = new Map<string, BackoffRecord>()
  /** UIDs of pods whose finalizer was removed, and was not yet seen to be, by key of the Job. */
  readonly #removed = new Map<string, Set<string>>()
  /** UIDs of Jobs that were ended, and were not yet seen to be. */
  readonly #ended = new Set<string>()

  constructor(context: ControllerContext, concurrency: number) {
    const { informers, queue, client, events, clock } = context
    this.concurrency = concurrency
    this.#context = context
    this.#jobs = informers.informer(jobs)
    this.#pods = podInformer(informers)
    this.#record = recorderFor(events, jobs)
    this.#podControl = new PodControl(client, this.#record, this.#pods)
    this.#expectations = new Expectations(clock)
    this.#writes = new OwnWrites([this.#jobs, this.#pods])
    this.watches = [
      watchEvents(jobs, {
        added: (job) => queue.add(keyOf(job)),
        updated: (old, job) => this.#jobChanged(old, job),
        deleted: (job) => {
          queue.add(keyOf(job))
          this.#ended.delete(job.metadata.uid ?? '')
          queue.add(selectorPrefix + (job.metadata.uid ?? ''))
        },
      }),
      watchEvents(
        pods,
        jobPodEvents({
          informer: this.#jobs,
          expectations: this.#expectations,
          queue,
          finalizerRemoved: (key, pod) => this.#removed.get(key)?.delete(pod.metadata.uid ?? ''),
        }),
      ),
    ]
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    if (key.startsWith(orphanPrefix))
      return this.#releaseOrphan(this.#pods.lister.getByKey(key.slice(orphanPrefix.length)))
    if (key.startsWith(selectorPrefix)) return this.#releaseAll(key.slice(selectorPrefix.length))
    const { removals } = this.#podControl
    if (!this.#writes.seen(key) || !(await removals.settled(key))) return { requeueAfterMs: unseenWritesDelay }
    const job = this.#jobs.lister.getByKey(key)
    if (!job) return this.#forget(key)
    if (isManagedElsewhere(job)) return
    const { uid = '' } = job.metadata
    if (isFinished(job)) {
      this.#forget(key)
      this.#ended.delete(uid)
      return
    }
    if (this.#ended.has(uid)) return
    const { completionMode } = job.spec
    if (completionMode !== undefined && completionMode !== 'NonIndexed' && completionMode !== 'Indexed') {
      const message = 'Skipped Job sync because completion mode is unknown'
      this.#record(job, 'Warning', 'UnknownCompletionMode', message)
      return
    }
    return this.#sync(key, job)
  }

  async #sync(key: string, job: Job): Promise<ReconcileResult | void> {
    const { clock, queue } = this.#context
    const mayManage = this.#expectations.satisfied(key)
    const turn = new JobTurn({
      key,
      job,
      pods: await this.#claim(job),
      removed: new Set(this.#removed.get(key)),
      backoff: this.#backoff.get(key) ?? noFailures,
    })
    const { status } = turn
    if (status.startTime === undefined && !isSuspended(job)) status.startTime = timeOfMillis(clock.now())
    turn.finished = endOf(turn, clock.now())
    let failure: unknown
    let wait: number | undefined
    let changed = false
    if (turn.finished) {
      const { all, error } = await deleteActivePods(turn, this.#manageTools())
      failure = error
      if (!all || !mayManage) turn.finished = undefined
    } else {
      const left = deadlineMs(job, clock.now(), status.startTime)
      if (left !== undefined) queue.addAfter(key, left)
      const manages = mayManage && job.metadata.deletionTimestamp === undefined
      if (manages) {
        try {
          wait = await managePods(turn, this.#manageTools())
        } catch (error) {
          failure = error
        }
      }
      if (isComplete(turn)) {
        const message = 'Reached expected number of succeeded pods'
        turn.finished = jobCondition('SuccessCriteriaMet', 'True', 'CompletionsReached', message, clock.now())
      } else if (manages) changed = this.#tellSuspension(turn)
    }
    const { activeCount, ready, terminating } = turn
    if ((status.active ?? 0) !== activeCount || status.ready !== ready || status.terminating !== terminating)
      changed = true
    if (activeCount === 0) delete status.active
    else status.active = activeCount
    status.ready = ready
    status.terminating = terminating
    await this.#track(turn, changed)
    if (failure !== undefined) throw failure
    if (wait !== undefined) return { requeueAfterMs: Math.max(wait, batchMs) }
  }

  async #track(turn: JobTurn, changed: boolean): Promise<void> {
    try {
      const ended = await trackPods(turn, changed, this.#trackTools(turn.key))
      if (!ended || !turn.finished) return
      this.#ended.add(turn.job.metadata.uid ?? '')
      this.#tellEnd(turn.job, ended, turn.finished)
    } catch (error) {
      throw new Error(`tracking status: ${messageOf(error)}`, { cause: error })
    }
  }

  #tellEnd(job: Job, status: JobStatus, { type, reason = '', message = '' }: JobCondition): void {
    if (type !== 'Complete') return this.#record(job, 'Warning', reason, message)
    if ((status.succeeded ?? 0) > (job.spec.completions ?? Infinity)) {
      const text = 'Too many succeeded pods running after completion count reached'
      this.#record(job, 'Warning', 'TooManySucceededPods', text)
    }
    this.#record(job, 'Normal', 'Completed', 'Job completed')
  }

  /** @returns whether the status changed. */
  #tellSuspension({ job, status }: JobTurn): boolean {
    const now = this.#context.clock.now()
    const suspended = isSuspended(job)
    const next = suspended
      ? jobCondition('Suspended', 'True', 'JobSuspended', 'Job suspended', now)
      : jobCondition('Suspended', 'False', 'JobResumed', 'Job resumed', now)
    const conditions = withJobCondition(status.conditions ?? [], next)
    if (!conditions) return false
    status.conditions = [...conditions]
    if (suspended) {
      delete status.startTime
      this.#record(job, 'Normal', 'Suspended', 'Job suspended')
    } else {
      status.startTime = timeOfMillis(now)
      this.#record(job, 'Normal', 'Resumed', 'Job resumed')
    }
    return true
  }

  async #claim(job: Job): Promise<readonly Pod[]> {
    const { client } = this.#context
    const selector = selectorFor(job.spec.selector)
    const claimed = await claimObjects({
      client,
      controller: job,
      controllerResource: jobs,
      resource: pods,
      objects: [...ownedBy(this.#pods, job), ...orphansIn(this.#pods, job.metadata.namespace ?? '')],
      matches: ({ metadata }) => selector.matches(metadata.labels ?? {}),
      canAdopt: recheckController(client, jobs, job),
      finalizers: [trackingFinalizer],
    })
    // What was just adopted was given the finalizer.
    return claimed.map((pod) => (controllerOf(pod) || isTracked(pod) ? pod : withTracking(pod)))
  }

  #manageTools(): ManageTools {
    const { client, clock } = this.#context
    return { client, clock, podControl: this.#podControl, expectations: this.#expectations, writes: this.#writes }
  }

  #trackTools(key: string): TrackTools {
    const { client, clock } = this.#context
    return {
      clock,
      writeStatus: async ({ job, status }) => {
        const written = await client.update(jobs, { ...job, status }, { subresource: 'status' })
        this.#writes.wrote(key, jobs, written)
        return written
      },
      removeFinalizer: (pod) => removeTracking(client, pod),
      expectRemoved: (list) => {
        const removed = this.#removed.get(key) ?? new Set<string>()
        for (const { metadata } of list) removed.add(metadata.uid ?? '')
        this.#removed.set(key, removed)
      },
      removalFailed: ({ metadata }) => this.#removed.get(key)?.delete(metadata.uid ?? ''),
      counted: ({ backoff }) => this.#backoff.set(key, backoff),
    }
  }

  /** A pod whose Job is gone or over needs not be counted. */
  async #releaseOrphan(pod: Pod | undefined): Promise<void> {
    if (!pod || !isTracked(pod)) return
    const owner = controllerOf(pod)
    if (owner) {
      if (owner.kind !== jobs.kind || owner.apiVersion !== 'batch/v1') return
      const job = resolveOwner(this.#jobs, pod.metadata.namespace, owner)
      if (job && (isManagedElsewhere(job) || !isFinished(job))) return
    }
    try {
      await removeTracking(this.#context.client, pod)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  async #releaseAll(uid: string): Promise<void> {
    for (const pod of ownedByUid(this.#pods, uid)) await this.#releaseOrphan(pod)
  }

  #jobChanged(old: Job, job: Job): void {
    const { queue, clock } = this.#context
    const key = keyOf(job)
    if (isFinished(job)) {
      queue.add(selectorPrefix + (job.metadata.uid ?? ''))
      if (!isFinished(old)) queue.add(key)
      return
    }
    if (job.metadata.generation === old.metadata.generation) queue.addAfter(key, batchMs)
    else queue.add(key)
    const left = deadlineMs(job, clock.now(), job.status?.startTime)
    if (left !== undefined && old.spec.activeDeadlineSeconds !== job.spec.activeDeadlineSeconds)
      queue.addAfter(key, left)
  }

  #forget(key: string): void {
    this.#backoff.delete(key)
    this.#removed.delete(key)
    this.#expectations.delete(key)
    this.#writes.forget(key)
    this.#podControl.removals.forget(key)
  }
}

function withTracking(pod: Pod): Pod {
  const finalizers = [...(pod.metadata.finalizers ?? []), trackingFinalizer]
  return { ...pod, metadata: { ...pod.metadata, finalizers } }
}

/** As many as wanted have succeeded, and nobody is at work any more. */
function isComplete({ job, succeeded, activeCount }: JobTurn): boolean {
  const { completions } = job.spec
  return activeCount === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions)
}
