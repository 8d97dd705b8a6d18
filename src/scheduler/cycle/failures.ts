import { messageOf } from '#base'
import type { Clock, Logger } from '#base'
import type { Pod } from '#api/core/v1'
import type { Lister } from '#client'
import type { Cache } from '../cache/cache.ts'
import type { DecisionLog, Room } from '../decisions/decision.ts'
import { CycleState } from '../framework/cycle-state.ts'
import type { Diagnosis } from '../framework/diagnosis.ts'
import { assignedPodDeleted } from '../framework/events.ts'
import type { Framework } from '../framework/framework.ts'
import type { PostFilterResult } from '../framework/plugin.ts'
import { isRejected, statusMessage } from '../framework/status.ts'
import type { Status } from '../framework/status.ts'
import type { Nominator } from '../queue/nominator.ts'
import type { SchedulingQueue } from '../queue/queue.ts'
import type { QueuedPod } from '../queue/queued-pod.ts'
import type { Reporter } from './report.ts'

/** Who was against a pod. */
export interface Rejected {
  readonly unschedulable: ReadonlySet<string>
  readonly pending: ReadonlySet<string>
}

export const nobody: Rejected = { unschedulable: new Set(), pending: new Set() }

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
  noFit(
    framework: Framework,
    queued: QueuedPod,
    cycle: CycleState,
    diagnosis: Diagnosis,
    signal: AbortSignal,
  ): Promise<void> | undefined {
    const broken = diagnosis.preFilter?.code === 'Error' ? diagnosis.preFilter : undefined
    if (broken) {
      this.failed(framework, queued, 'SchedulerError', statusMessage(broken), nobody, '', signal)
      return undefined
    }
    const end = (room: Room): void => {
      const rejected = { unschedulable: diagnosis.unschedulablePlugins, pending: diagnosis.pendingPlugins }
      const message = diagnosis.message()
      this.#options.decisions.refused(queued.info.uid, this.#options.clock.now(), message, diagnosis, room)
      this.failed(framework, queued, 'Unschedulable', message, rejected, room.nominatedNode, signal)
    }
    const made = this.#makeRoom(framework, queued, cycle, diagnosis, signal)
    if (made instanceof Promise) return made.then(end)
    end(made)
    return undefined
  }

  /** Lets PostFilter plugins make room. */
  #makeRoom(
    framework: Framework,
    queued: QueuedPod,
    tried: CycleState,
    diagnosis: Diagnosis,
    signal: AbortSignal,
  ): Room | Promise<Room> {
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
  takeBack(
    framework: Framework,
    queued: QueuedPod,
    cycle: CycleState,
    node: string,
    status: Status,
    signal: AbortSignal,
  ): void {
    const { info } = queued
    framework.unreserve(cycle, info, node)
    this.#options.cache.forget(info.uid)
    if (!isRejected(status)) {
      this.#options.queue.moveAll(assignedPodDeleted, placedOn(info.pod, node), undefined)
      this.failed(framework, queued, 'SchedulerError', statusMessage(status), nobody, '', signal)
      return
    }
    const plugins = new Set(status.plugin === '' ? [] : [status.plugin])
    const rejected =
      status.code === 'Pending'
        ? { unschedulable: new Set<string>(), pending: plugins }
        : { unschedulable: plugins, pending: new Set<string>() }
    const reasons = [...status.reasons].map((reason) => `1 ${reason}`).sort()
    const message = `0/1 nodes are available: ${reasons.join(', ')}.`
    this.failed(framework, queued, 'Unschedulable', message, rejected, '', signal)
    this.#options.queue.moveAll(
      assignedPodDeleted,
      placedOn(info.pod, node),
      undefined,
      (pod) => pod.metadata.uid !== info.uid,
    )
  }

  /** Queues the pod again and tells why it did not go. @param nominated node promised; `undefined` leaves what there is. */
  failed(
    framework: Framework,
    queued: QueuedPod,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    rejected: Rejected,
    nominated: string | undefined,
    signal: AbortSignal,
  ): void {
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
    void this.#options.reporter.notScheduled(current, reason, message, nominated, signal)
  }

  broken(framework: Framework, queued: QueuedPod, error: unknown, signal: AbortSignal): void {
    const { namespace, name } = queued.info
    this.#options.log.error('Error scheduling pod; retrying', { pod: `${namespace}/${name}`, error })
    const message = messageOf(error)
    this.failed(framework, queued, 'SchedulerError', message, nobody, '', signal)
  }
}

/** A pod as it was thought to be: for those whom its going helps. */
export function placedOn(pod: Pod, node: string): Pod {
  return { ...pod, spec: { ...(pod.spec ?? { containers: [] }), nodeName: node } }
}
