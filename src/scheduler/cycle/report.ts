import type { Json } from '#api'
import { pods } from '#api/core/v1'
import type { Pod, PodCondition } from '#api/core/v1'
import type { Clock, Logger } from '#base'
import { podReference } from '#client'
import type { Client, SeriesRecorder } from '#client'
import { timeOfMillis } from '#machinery'
import type { Failure } from './attempt.ts'

/** Bytes that the note of an event may have. */
const noteLimit = 1024

export interface ReporterOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  /** Recorder of a scheduler by its name. */
  readonly recorder: (schedulerName: string) => SeriesRecorder
}

/** What an event says of a pod. */
interface Told {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly action: string
  readonly note: string
}

/** Tells of decisions: events, and the condition of pods that could not go. Nothing here is waited for. */
export class Reporter {
  readonly #options: ReporterOptions
  /** Events that are not sent yet. */
  #waiting: (() => void)[] = []
  #next = 0

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  /** Events that wait to be sent. */
  get backlog(): number {
    return this.#waiting.length - this.#next
  }

  /** Sends the oldest events. Pods come first: whoever has nothing better to do calls this. */
  sendEvents(count: number): void {
    for (let sent = 0; sent < count && this.#next < this.#waiting.length; sent++) this.#waiting[this.#next++]?.()
    if (this.#next < this.#waiting.length) return
    this.#waiting = []
    this.#next = 0
  }

  scheduled(schedulerName: string, pod: Pod, node: string): void {
    const { namespace = '', name = '' } = pod.metadata
    const note = `Successfully assigned ${namespace}/${name} to ${node}`
    this.#event(schedulerName, pod, { type: 'Normal', reason: 'Scheduled', action: 'Binding', note })
  }

  failedScheduling(schedulerName: string, pod: Pod, message: string): void {
    const note = truncated(message)
    this.#event(schedulerName, pod, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note })
  }

  /** Sets the `PodScheduled` condition to False, and the nominated node where one is given, if that changes anything. */
  async notScheduled(pod: Pod, { reason, message, nominated }: Failure, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const old = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
    const generation = pod.metadata.generation
    const same =
      old?.status === 'False' &&
      old.reason === reason &&
      old.message === message &&
      (generation === undefined || old.observedGeneration === generation)
    const status: { [field: string]: Json } = {}
    if (!same) {
      const condition: PodCondition = {
        type: 'PodScheduled',
        status: 'False',
        reason,
        message,
        lastTransitionTime:
          old?.status === 'False' && old.lastTransitionTime ? old.lastTransitionTime : timeOfMillis(clock.now()),
        ...(generation === undefined ? {} : { observedGeneration: generation }),
      }
      status['conditions'] = [{ ...condition, lastProbeTime: null }]
    }
    if (nominated !== undefined && nominated !== (pod.status?.nominatedNodeName ?? '')) {
      status['nominatedNodeName'] = nominated === '' ? null : nominated
    }
    if (Object.keys(status).length > 0) await this.#patchStatus(pod, status, signal)
  }

  /** Tells where a pod will have room, before it is bound there. */
  async nominated(pod: Pod, node: string, signal: AbortSignal): Promise<void> {
    if ((pod.status?.nominatedNodeName ?? '') === node) return
    await this.#patchStatus(pod, { nominatedNodeName: node === '' ? null : node }, signal)
  }

  async #patchStatus(pod: Pod, status: { readonly [field: string]: Json }, signal: AbortSignal): Promise<void> {
    const { client, log } = this.#options
    const { namespace = '', name = '', uid } = pod.metadata
    const patch: Json = { ...(uid === undefined ? {} : { metadata: { uid } }), status }
    try {
      await client.patch(pods, { namespace, name }, { type: 'strategic', patch }, { subresource: 'status', signal })
    } catch (error) {
      if (!signal.aborted) log.warn('Error updating pod', { pod: `${namespace}/${name}`, error })
    }
  }

  #event(schedulerName: string, pod: Pod, told: Told): void {
    const { recorder, clock } = this.#options
    const regarding = podReference(pod)
    const time = clock.now()
    this.#waiting.push(() => recorder(schedulerName).event({ ...told, regarding, time }))
  }
}

function truncated(message: string): string {
  return message.length <= noteLimit ? message : `${message.slice(0, noteLimit - 4)} ...`
}
