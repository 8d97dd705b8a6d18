import type { Clock } from '#base'
import type { Container, Pod, PodStatus } from '#api/core/v1'
import type { ProbeResult } from '../plan/types.ts'
import { uidOf } from '../pods/containers.ts'
import { containerReference } from '../pods/reference.ts'
import { probedContainers, type ProbeKind, type ProbeView } from '../status/readiness.ts'
import { ProbeCounts, probeMetrics } from './counts.ts'
import { runProbe, type ProbeOutcome, type ProbeTools } from './run.ts'
import { ProbeWorker } from './worker.ts'
import type { RecordEvent } from '../record-event.ts'

export interface ProbeManagerOptions {
  readonly clock: Clock
  readonly tools: ProbeTools
  readonly record: RecordEvent
  readonly status: (uid: string) => PodStatus | undefined
  /** A result changed. */
  readonly changed: (kind: ProbeKind, podUid: string, containerId: string, result: ProbeResult) => void
}

const kinds: readonly ProbeKind[] = ['startup', 'readiness', 'liveness']

const titles: { readonly [kind in ProbeKind]: string } = {
  startup: 'Startup',
  readiness: 'Readiness',
  liveness: 'Liveness',
}

/** Probes the containers of pods, and holds the results. */
export class ProbeManager implements ProbeView {
  readonly #options: ProbeManagerOptions
  readonly startedAt: number
  /** Workers by pod, then by kind and container. */
  readonly #workers = new Map<string, Map<string, ProbeWorker>>()
  readonly #counts = new Set<ProbeCounts>()
  readonly #wasReady = new Set<string>()
  readonly #results: { readonly [kind in ProbeKind]: Map<string, ProbeResult> } = {
    startup: new Map(),
    readiness: new Map(),
    liveness: new Map(),
  }

  constructor(options: ProbeManagerOptions) {
    this.#options = options
    this.startedAt = options.clock.now()
  }

  result(kind: ProbeKind, containerId: string): ProbeResult | undefined {
    return this.#results[kind].get(containerId)
  }

  isProbed(kind: ProbeKind, podUid: string, containerName: string): boolean {
    return this.#workers.get(podUid)?.has(`${kind} ${containerName}`) ?? false
  }

  wasReady(podUid: string): boolean {
    return this.#wasReady.has(podUid)
  }

  /** The API shows that a former agent found this static pod ready. */
  recallReady(podUid: string): void {
    this.#wasReady.add(podUid)
  }

  probeNow(podUid: string, containerName: string): void {
    this.#workers.get(podUid)?.get(`readiness ${containerName}`)?.trigger()
  }

  /** Begins to probe what the pod wants probed; what is probed already stays. */
  add(pod: Pod): void {
    const uid = uidOf(pod)
    for (const container of probedContainers(pod)) {
      for (const kind of kinds) if (container[`${kind}Probe`]) this.#start(uid, kind, pod, container)
    }
  }

  /** A container of the pod has started: startup probes need not wait for their next turn. */
  containerStarted(podUid: string, containerName: string): void {
    const workers = this.#workers.get(podUid)
    workers?.get(`startup ${containerName}`)?.trigger()
  }

  /** The pod is ending: nobody restarts its containers any more. */
  stopLivenessAndStartup(podUid: string): void {
    for (const [key, worker] of this.#workers.get(podUid) ?? []) if (!key.startsWith('readiness ')) worker.stop()
  }

  remove(podUid: string): void {
    this.#wasReady.delete(podUid)
    for (const worker of this.#workers.get(podUid)?.values() ?? []) worker.stop()
  }

  stop(): void {
    for (const uid of this.#workers.keys()) this.remove(uid)
  }

  #start(uid: string, kind: ProbeKind, pod: Pod, container: Container): void {
    const workers = this.#workers.get(uid) ?? new Map<string, ProbeWorker>()
    this.#workers.set(uid, workers)
    const key = `${kind} ${container.name}`
    const probe = container[`${kind}Probe`]
    if (workers.has(key) || !probe) return
    const { clock, tools, status } = this.#options
    const counts = new ProbeCounts(kind, pod, container.name)
    const worker = new ProbeWorker({
      clock,
      kind,
      pod,
      container,
      probe,
      startedAt: this.startedAt,
      status: () => status(uid),
      run: async (id, podIP) => {
        const outcome = await runProbe(tools, probe, pod, container, id, podIP)
        counts.add(outcome.kind)
        return outcome
      },
      report: (outcome) => this.#report(kind, pod, container, outcome),
      results: {
        set: (id, result) => this.#set(kind, uid, id, result),
        remove: (id) => this.#results[kind].delete(id),
      },
      ended: () => {
        workers.delete(key)
        this.#counts.delete(counts)
        if (workers.size === 0) this.#workers.delete(uid)
      },
    })
    workers.set(key, worker)
    this.#counts.add(counts)
  }

  /** `/metrics/probes`: how probes turned out. */
  metrics(): string {
    return probeMetrics(this.#counts)
  }

  #set(kind: ProbeKind, uid: string, id: string, result: ProbeResult): void {
    const results = this.#results[kind]
    if (results.get(id) === result) return
    results.set(id, result)
    this.#options.changed(kind, uid, id, result)
  }

  #report(kind: ProbeKind, pod: Pod, container: Container, outcome: ProbeOutcome): void {
    const reference = containerReference(pod, container)
    const { record } = this.#options
    const title = titles[kind]
    switch (outcome.kind) {
      case 'warning':
        record(reference, 'Warning', 'ProbeWarning', `${title} probe warning: ${outcome.message}`)
        return
      case 'failure':
        record(reference, 'Warning', 'Unhealthy', `${title} probe failed: ${outcome.message}`)
        return
      case 'error': {
        const text = `${title} probe errored and resulted in unknown state: ${outcome.message}`
        record(reference, 'Warning', 'Unhealthy', text)
        return
      }
      case 'success':
    }
  }
}
