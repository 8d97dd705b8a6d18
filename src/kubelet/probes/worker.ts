import type { CancelTimer, Clock } from '#base'
import type { Container, ContainerStatus, Pod, PodStatus, Probe } from '#api/core/v1'
import { millisOf, parseTime } from '#machinery'
import type { ProbeResult } from '../plan/types.ts'
import { isRestartableInitContainer, isTerminalPhase, shouldRestart, specOf } from '../pods/containers.ts'
import type { ProbeKind } from '../status/readiness.ts'
import { shouldAllContainersRestart } from '../status/restarting.ts'
import type { ProbeOutcome } from './run.ts'

export interface WorkerOptions {
  readonly clock: Clock
  readonly kind: ProbeKind
  readonly pod: Pod
  readonly container: Container
  readonly probe: Probe
  /** Wall time at which the agent began, milliseconds. */
  readonly startedAt: number
  readonly status: () => PodStatus | undefined
  readonly run: (containerId: string, podIP: string) => Promise<ProbeOutcome>
  /** Tells people of an outcome that is not success. */
  readonly report: (outcome: ProbeOutcome) => void
  readonly results: ResultStore
  readonly ended: () => void
}

export interface ResultStore {
  set(containerId: string, result: ProbeResult): void
  remove(containerId: string): void
}

const initialResults: { readonly [kind in ProbeKind]: ProbeResult } = {
  readiness: 'failure',
  liveness: 'success',
  startup: 'unknown',
}

/** Containers that started longer than this before the agent did have seen another agent's probes. */
const restartGraceMs = 10_000

/** Probes one container in one way, over all its restarts, until it is stopped or the container is over for good. */
export class ProbeWorker {
  readonly #options: WorkerOptions
  readonly #periodMs: number
  #timer: CancelTimer | undefined
  #containerId = ''
  #last: ProbeResult | undefined
  #run = 0
  /** The container is about to be restarted, or has started: nothing to ask until there is a new one. */
  #onHold = false
  #probing = false
  #again = false
  #stopped = false

  constructor(options: WorkerOptions) {
    this.#options = options
    this.#periodMs = (options.probe.periodSeconds ?? 10) * 1000
    const sinceStart = options.clock.now() - options.startedAt
    // After a restart of the agent all probes would come at once.
    this.#arm(this.#periodMs > sinceStart && sinceStart > 0 ? options.clock.random() * this.#periodMs : 0)
  }

  /** Probes now instead of at the next turn. */
  trigger(): void {
    if (this.#stopped || this.#onHold) return
    if (this.#probing) this.#again = true
    else this.#arm(0)
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#timer?.()
    if (this.#containerId !== '') this.#options.results.remove(this.#containerId)
    this.#options.ended()
  }

  #arm(ms: number): void {
    this.#timer?.()
    this.#timer = this.#options.clock.timer(ms, () => void this.#turn())
  }

  async #turn(): Promise<void> {
    const began = this.#options.clock.monotonic()
    this.#probing = true
    this.#again = false
    let next: number | 'end'
    try {
      next = await this.#probe()
    } catch {
      next = this.#periodMs
    }
    this.#probing = false
    if (this.#stopped) return
    if (next === 'end') this.stop()
    else if (this.#again) this.#arm(0)
    else this.#arm(Math.max(0, next - (this.#options.clock.monotonic() - began)))
  }

  /** One turn; returns milliseconds from its start to the next one. */
  async #probe(): Promise<number | 'end'> {
    const { kind, pod, container, probe, results, clock } = this.#options
    const status = this.#options.status()
    if (!status) return this.#periodMs
    if (isTerminalPhase(status.phase)) return 'end'
    const own = statusOf(status, container.name)
    const id = own?.containerID?.split('://')[1] ?? ''
    if (!own || id === '') return this.#periodMs
    if (id !== this.#containerId) this.#take(own, id)
    if (this.#onHold) return this.#periodMs
    const running = own.state?.running
    if (!running) {
      results.set(id, 'failure')
      return this.#mayRunAgain(own, status) ? this.#periodMs : 'end'
    }
    if (pod.metadata.deletionTimestamp !== undefined && kind !== 'readiness') {
      results.set(id, 'success')
      return 'end'
    }
    const age = clock.now() - millisOf(parseTime(running.startedAt ?? ''))
    const delay = (probe.initialDelaySeconds ?? 0) * 1000 - age
    if (delay > 0) return Math.min(delay, this.#periodMs)
    if ((own.started === true) === (kind === 'startup')) return this.#periodMs
    const outcome = await this.#options.run(id, status.podIP ?? '')
    if (!this.#stopped) this.#judge(outcome)
    return this.#periodMs
  }

  /** A container that was not seen before. */
  #take(own: ContainerStatus, id: string): void {
    const { kind, container, results, startedAt } = this.#options
    if (this.#containerId !== '') results.remove(this.#containerId)
    this.#containerId = id
    this.#onHold = false
    this.#last = undefined
    this.#run = 0
    const begun = own.state?.running?.startedAt
    const isOld = begun !== undefined && millisOf(parseTime(begun)) < startedAt - restartGraceMs
    const isStarted = kind === 'startup' && own.started === true && isRestartableInitContainer(container)
    if (isStarted) results.set(id, 'success')
    if (!isOld) results.set(id, initialResults[kind])
  }

  #mayRunAgain(own: ContainerStatus, status: PodStatus): boolean {
    const { pod, container } = this.#options
    const ended = own.state?.terminated
    if (!ended) return true
    return shouldRestart(container, specOf(pod), ended.exitCode) || shouldAllContainersRestart(pod, undefined, status)
  }

  #judge(outcome: ProbeOutcome): void {
    const { kind, probe, results, report } = this.#options
    if (outcome.kind !== 'success') report(outcome)
    if (outcome.kind === 'error') return
    const result = outcome.kind === 'failure' ? 'failure' : 'success'
    this.#run = this.#last === result ? this.#run + 1 : 1
    this.#last = result
    const threshold = result === 'failure' ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1)
    if (this.#run < threshold) return
    results.set(this.#containerId, result)
    if (kind === 'startup' || (kind === 'liveness' && result === 'failure')) {
      this.#onHold = true
      this.#run = 0
    }
  }
}

function statusOf(status: PodStatus, name: string): ContainerStatus | undefined {
  const lists = [status.containerStatuses ?? [], status.initContainerStatuses ?? []]
  for (const list of lists) {
    const found = list.find((candidate) => candidate.name === name)
    if (found?.containerID !== undefined && found.containerID !== '') return found
  }
  return undefined
}
