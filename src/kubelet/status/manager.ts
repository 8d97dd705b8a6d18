import type { Clock, Logger } from '#base'
import type { ContainerStatus, Pod, PodStatus } from '#api/core/v1'
import { pods } from '#api/core/v1'
import type { Client } from '#client'
import { isConflict, isNotFound } from '#machinery'
import type { AgentMetrics } from '../metrics/agent-metrics.ts'
import { isMirrorPod, isStaticPod, isTerminalPhase, uidOf } from '../pods/containers.ts'
import { illegalTransition, saysTheSame } from './compare.ts'
import { condition, containersReady, podReady } from './conditions.ts'
import { finishedStatus } from './finish.ts'
import { mergedStatus, withShortMessages, withTimes } from './merge.ts'
import { statusPatch } from './patch.ts'

/** Milliseconds before a write that failed is tried again; doubles up to the longest. */
const firstRetry = 500
const longestRetry = 10_000

export interface StatusManagerOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  /** A container of the pod may still run, as far as the node knows. */
  readonly couldHaveRunningContainers: (uid: string) => boolean
  /** The mirror pod of a static pod, `undefined` while there is none. */
  readonly mirrorOf: (pod: Pod) => Pod | undefined
  readonly metrics: Pick<AgentMetrics, 'pods' | 'starts'>
}

interface Entry {
  /** The pod the status was computed for. */
  pod: Pod
  status: PodStatus
  version: number
  /** When something changed that the API does not know yet, monotonic milliseconds. */
  changedAt: number | undefined
  /** The pod as the API has it, as far as we know: from the watch, or from the answer to our last write. */
  api: Pod
  sentVersion: number
  /** Nothing of the pod is left on the node. */
  finished: boolean
  sending: boolean
  retryMs: number
}

/**
 * Holds the status of every pod and tells the API: at once when it changes, each pod by itself. Once a deleted pod is
 * finished, it ends the pod's object too.
 */
export class StatusManager {
  readonly #options: StatusManagerOptions
  readonly #entries = new Map<string, Entry>()
  #stopped = false

  constructor(options: StatusManagerOptions) {
    this.#options = options
  }

  /** The status computed last. */
  get(uid: string): PodStatus | undefined {
    return this.#entries.get(uid)?.status
  }

  /** Takes a status as computed: puts in times, and refuses what can't be. Returns the status that is held now. */
  set(pod: Pod, computed: PodStatus): PodStatus {
    const isDeleted = pod.metadata.deletionTimestamp !== undefined
    return this.#update(pod, computed, isDeleted, false)
  }

  setContainerReadiness(uid: string, containerId: string, ready: boolean): void {
    const entry = this.#entries.get(uid)
    const status = entry && withContainer(entry.status, containerId, (item) => item.ready !== ready, { ready })
    if (!entry || !status) return
    const { pod } = entry
    const { phase = '', conditions = [] } = status
    const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
    const verdicts = new Map([
      ['Ready', condition(pod, 'Ready', podReady(pod, conditions, statuses, phase))],
      ['ContainersReady', condition(pod, 'ContainersReady', containersReady(pod, statuses, phase))],
    ])
    this.#update(
      pod,
      { ...status, conditions: conditions.map((item) => verdicts.get(item.type) ?? item) },
      false,
      false,
    )
  }

  setContainerStartup(uid: string, containerId: string, started: boolean): void {
    const entry = this.#entries.get(uid)
    const status = entry && withContainer(entry.status, containerId, (item) => item.started !== started, { started })
    if (entry && status) this.#update(entry.pod, status, false, false)
  }

  /** Nothing of the pod is left on the node: its last status goes out and, if it was deleted, its object is ended. */
  finish(pod: Pod): void {
    this.#update(pod, finishedStatus(pod, this.get(uidOf(pod)) ?? pod.status ?? {}), true, true)
  }

  /** The API shows the pod like this: writes again what somebody else has changed. */
  observe(pod: Pod): void {
    const entry = this.#entries.get(uidOf(pod))
    if (!entry || entry.api === pod || !isNewer(pod, entry.api)) return
    entry.api = pod
    if (entry.sending || entry.sentVersion < entry.version) return
    const wanted = this.#merged(entry, pod)
    const isOff = !saysTheSame(pod.status ?? {}, wanted)
    if (isOff || this.#canBeDeleted(entry)) void this.#send(entry)
  }

  /** The API can be told more than before: of a static pod that has its mirror now, of one that was refused, or gave back its claims. */
  tellAgain(uid: string): void {
    const entry = this.#entries.get(uid)
    if (!entry) return
    // What is being told may have been put together before.
    entry.version++
    void this.#send(entry)
  }

  forget(uid: string): void {
    this.#entries.delete(uid)
  }

  uids(): Iterable<string> {
    return this.#entries.keys()
  }

  /** Writes nothing more. */
  stop(): void {
    this.#stopped = true
  }

  #update(pod: Pod, computed: PodStatus, force: boolean, finished: boolean): PodStatus {
    const { clock, log } = this.#options
    const uid = uidOf(pod)
    const known = this.#entries.get(uid)
    const before = known?.status ?? pod.status ?? {}
    const illegal = illegalTransition(pod, before, computed)
    if (illegal !== undefined) {
      log.error('Status of a pod refused', { pod: pod.metadata.name, reason: illegal })
      return before
    }
    const observedGeneration = Math.max(pod.metadata.generation ?? 0, before.observedGeneration ?? 0)
    const timed = withTimes(withShortMessages(pod, computed), before, clock.now())
    const status: PodStatus = observedGeneration > 0 ? { ...timed, observedGeneration } : timed
    this.#options.metrics.pods.statusChanged(before, status)
    this.#options.metrics.starts.computed(uid, status)
    if (!known) {
      const entry: Entry = {
        pod,
        status,
        version: 1,
        changedAt: clock.monotonic(),
        api: pod,
        sentVersion: 0,
        finished,
        sending: false,
        retryMs: firstRetry,
      }
      this.#entries.set(uid, entry)
      void this.#send(entry)
      return status
    }
    known.pod = pod
    if (isNewer(pod, known.api)) known.api = pod
    const becomesFinished = finished && !known.finished
    known.finished ||= finished
    if (!force && !becomesFinished && saysTheSame(known.status, status)) return known.status
    known.status = status
    known.version++
    known.changedAt ??= clock.monotonic()
    void this.#send(known)
    return status
  }

  #merged(entry: Entry, api: Pod): PodStatus {
    const { clock, couldHaveRunningContainers } = this.#options
    return mergedStatus(api, entry.status, couldHaveRunningContainers(uidOf(entry.pod)), clock.now())
  }

  #canBeDeleted(entry: Entry): boolean {
    const { api, finished } = entry
    return (
      finished &&
      api.metadata.deletionTimestamp !== undefined &&
      !isMirrorPod(api) &&
      isTerminalPhase(api.status?.phase)
    )
  }

  async #send(entry: Entry): Promise<void> {
    if (entry.sending || this.#stopped) return
    const { clock, metrics } = this.#options
    entry.sending = true
    try {
      do {
        const { version } = entry
        const { changedAt } = entry
        entry.changedAt = undefined
        await this.#patch(entry).catch((error: unknown) => {
          entry.changedAt = changedAt ?? entry.changedAt
          throw error
        })
        if (changedAt !== undefined) metrics.pods.statusWritten(clock.monotonic() - changedAt)
        entry.sentVersion = version
      } while (entry.sentVersion < entry.version)
      if (this.#canBeDeleted(entry)) await this.#delete(entry)
      entry.retryMs = firstRetry
      entry.sending = false
    } catch (error) {
      await this.#failed(entry, error)
    }
  }

  async #patch(entry: Entry): Promise<void> {
    const isStatic = isStaticPod(entry.pod)
    const api = isStatic ? this.#options.mirrorOf(entry.pod) : entry.api
    if (!api) return
    const wanted = this.#merged(entry, api)
    const patch = statusPatch(uidOf(api), api.status ?? {}, wanted)
    if (patch === undefined) return
    // The watch may show it before the answer is here.
    this.#options.metrics.starts.telling(uidOf(entry.pod), wanted)
    const answer = await this.#options.client.patch(
      pods,
      keyOfPod(api),
      { type: 'strategic', patch },
      {
        subresource: 'status',
      },
    )
    if (!isStatic && isNewer(answer, entry.api)) entry.api = answer
  }

  async #delete(entry: Entry): Promise<void> {
    const uid = uidOf(entry.api)
    await this.#options.client.delete(pods, keyOfPod(entry.api), { gracePeriodSeconds: 0, preconditions: { uid } })
    this.#entries.delete(uid)
  }

  async #failed(entry: Entry, error: unknown): Promise<void> {
    const { clock, log, client } = this.#options
    const uid = uidOf(entry.api)
    if (isNotFound(error)) {
      entry.sentVersion = entry.version
      entry.sending = false
      return
    }
    if (isConflict(error)) {
      const now = await client.get(pods, keyOfPod(entry.api)).catch(() => undefined)
      if (now && uidOf(now) !== uid) {
        this.#entries.delete(uid)
        return
      }
    }
    log.warn('Status of a pod could not be written, will try again', { pod: entry.api.metadata.name, error })
    const wait = entry.retryMs
    entry.retryMs = Math.min(longestRetry, wait * 2)
    clock.timer(wait, () => {
      entry.sending = false
      if (this.#entries.get(uid) === entry) void this.#send(entry)
    })
  }
}

const keyOfPod = (pod: Pod): { readonly namespace: string; readonly name: string } => ({
  namespace: pod.metadata.namespace ?? '',
  name: pod.metadata.name ?? '',
})

/** Revisions of one object compare as numbers. */
function isNewer(a: Pod, b: Pod): boolean {
  const left = a.metadata.resourceVersion ?? ''
  const right = b.metadata.resourceVersion ?? ''
  return left.length === right.length ? left > right : left.length > right.length
}

/** The status with one container changed; `undefined` when there is no such container or nothing to change. */
function withContainer(
  status: PodStatus,
  containerId: string,
  differs: (container: ContainerStatus) => boolean,
  change: Partial<ContainerStatus>,
): PodStatus | undefined {
  for (const list of ['containerStatuses', 'initContainerStatuses'] as const) {
    const containers = status[list]
    const found = containers?.find(({ containerID }) => containerID?.endsWith(`://${containerId}`))
    if (!containers || !found) continue
    if (!differs(found)) return undefined
    return { ...status, [list]: containers.map((item) => (item === found ? { ...item, ...change } : item)) }
  }
  return undefined
}
