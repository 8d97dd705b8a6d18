import { messageOf } from '#base'
import type { Clock, Logger } from '#base'
import type { Pod } from '#api/core/v1'
import type { Lister } from '#client'
import type { Cache } from '../cache/cache.ts'
import type { DecisionLog, Room } from '../decisions/decision.ts'
import { CycleState } from '../framework/cycle-state.ts'
import type { Diagnosis } from '../framework/diagnosis.ts'
import { assignedPodDeleted } from '../framework/events.ts'
import type { PostFilterResult } from '../framework/plugin.ts'
import { isRejected, statusMessage } from '../framework/status.ts'
import type { Status } from '../framework/status.ts'
import type { Nominator } from '../queue/nominator.ts'
import type { SchedulingQueue } from '../queue/queue.ts'
import type { Attempt, Failure } from './attempt.ts'
import type { Reporter } from './report.ts'

/** Who was against a pod. */
interface Rejected {
  readonly unschedulable: ReadonlySet<string>
  readonly pending: ReadonlySet<string>
}

const nobody: Rejected = { unschedulable: new Set(), pending: new Set() }

const schedulerError = (message: string): Failure => ({ reason: 'SchedulerError', message, nominated: '' })

const noRoom: Room = { nominatedNode: '', victims: [] }

export interface FailuresOptions {
  readonly cache: Cache
  readonly clock: Clock
  readonly decisions: DecisionLog
  readonly log: Logger
  readonly nominator: Nominator
  /** Pods as the API server shows them. */
  readonly pods: Lister<Pod>
  readonly queue: SchedulingQueue
  readonly reporter: Reporter
}

/** What becomes of pods that could not go. */
export class Failures {
  readonly #options: FailuresOptions

  constructor(options: FailuresOptions) {
    this.#options = options
  }

  /** No node will do: plugins may make room. The promise is there where they must wait for that. */
  noFit(attempt: Attempt, diagnosis: Diagnosis): Promise<void> | undefined {
    const broken = diagnosis.preFilter?.code === 'Error' ? diagnosis.preFilter : undefined
    if (broken) {
      this.failed(attempt, schedulerError(statusMessage(broken)))
      return undefined
    }
    const end = (room: Room): void => {
      const rejected = { unschedulable: diagnosis.unschedulablePlugins, pending: diagnosis.pendingPlugins }
      const message = diagnosis.message()
      const { uid } = attempt.queued.info
      this.#options.decisions.refused(uid, this.#options.clock.now(), message, diagnosis, room)
      this.failed(attempt, { reason: 'Unschedulable', message, nominated: room.nominatedNode }, rejected)
    }
    const made = this.#makeRoom(attempt, diagnosis)
    if (made instanceof Promise) return made.then(end)
    end(made)
    return undefined
  }

  /** Lets PostFilter plugins make room. */
  #makeRoom({ framework, queued, cycle: tried, signal }: Attempt, diagnosis: Diagnosis): Room | Promise<Room> {
    const { postFilter } = framework.plugins
    if (postFilter.length === 0) return noRoom
    const cycle = new CycleState()
    framework.preFilter(cycle, queued.info)
    cycle.takeOver(tried)
    const reasons: string[] = []
    let room: Room = { nominatedNode: undefined, victims: [] }
    /** Whether nothing that others say can change it. */
    const take = (result: PostFilterResult): boolean => {
      if (result.status?.code === 'Error') {
        diagnosis.postFilterMessage = statusMessage(result.status)
        room = { nominatedNode: undefined, victims: [] }
        return true
      }
      const { nominatedNode, victims = [] } = result
      if (nominatedNode !== undefined) room = { nominatedNode, victims }
      if (!result.status) return true
      reasons.push(...result.status.reasons)
      diagnosis.postFilterMessage = reasons.join(', ')
      return result.status.code === 'UnschedulableAndUnresolvable'
    }
    const ask = (from: number): Room | Promise<Room> => {
      for (let index = from; index < postFilter.length; index++) {
        const result = postFilter[index]?.postFilter?.(cycle, queued.info, diagnosis, signal)
        if (result instanceof Promise) return result.then((made) => (take(made) ? room : ask(index + 1)))
        if (result && take(result)) return room
      }
      return room
    }
    return ask(0)
  }

  /** The pod does not get onto the node it was thought to be on. */
  takeBack(attempt: Attempt, node: string, status: Status): void {
    const { info } = attempt.queued
    attempt.framework.unreserve(attempt.cycle, info, node)
    this.#options.cache.forget(info.uid)
    if (!isRejected(status)) {
      this.#options.queue.moveAll(assignedPodDeleted, placedOn(info.pod, node), undefined)
      this.failed(attempt, schedulerError(statusMessage(status)))
      return
    }
    const plugins = new Set(status.plugin === '' ? [] : [status.plugin])
    const rejected =
      status.code === 'Pending'
        ? { unschedulable: new Set<string>(), pending: plugins }
        : { unschedulable: plugins, pending: new Set<string>() }
    const reasons = [...status.reasons].map((reason) => `1 ${reason}`).sort()
    const message = `0/1 nodes are available: ${reasons.join(', ')}.`
    this.failed(attempt, { reason: 'Unschedulable', message, nominated: '' }, rejected)
    this.#options.queue.moveAll(
      assignedPodDeleted,
      placedOn(info.pod, node),
      undefined,
      (pod) => pod.metadata.uid !== info.uid,
    )
  }

  /** Queues the pod again and tells why it did not go. */
  failed({ framework, queued, signal }: Attempt, failure: Failure, rejected: Rejected = nobody): void {
    const { message, nominated } = failure
    const { namespace, name, uid } = queued.info
    const current = this.#options.pods.get({ namespace, name })
    if (!current || current.spec?.nodeName || current.metadata.uid !== uid) {
      this.#options.queue.done(uid)
      return
    }
    this.#options.queue.giveBack(queued, current, rejected)
    this.#options.nominator.nominate(queued.info, nominated ?? current.status?.nominatedNodeName ?? '')
    this.#options.log.debug('Unable to schedule pod', { pod: `${namespace}/${name}`, reason: message })
    this.#options.reporter.failedScheduling(framework.name, current, message)
    void this.#options.reporter.notScheduled(current, failure, signal)
  }

  broken(attempt: Attempt, error: unknown): void {
    const { namespace, name } = attempt.queued.info
    this.#options.log.error('Error scheduling pod; retrying', { pod: `${namespace}/${name}`, error })
    this.failed(attempt, schedulerError(messageOf(error)))
  }
}

/** A pod as it was thought to be: for those whom its going helps. */
export function placedOn(pod: Pod, node: string): Pod {
  return { ...pod, spec: { ...(pod.spec ?? { containers: [] }), nodeName: node } }
}
