import type { Pod, Service } from '#api/core/v1'
import { keyOf } from '#machinery'
import { podCondition } from '../pods/state.ts'

interface Known {
  readonly service: string
  readonly pods: ReadonlyMap<string, string>
}

/**
 * When what is about to be written was caused: the earliest new change of a pod's readiness or of the Service. Goes into
 * the annotation `endpoints.kubernetes.io/last-change-trigger-time`.
 */
export class TriggerTimes {
  readonly #known = new Map<string, Known>()

  /** @returns a time as the API writes it; `undefined` when no new cause is known. */
  compute(service: Service, pods: Iterable<Pod>): string | undefined {
    const key = keyOf(service)
    const known = this.#known.get(key)
    const times = new Map<string, string>()
    let first: string | undefined
    for (const pod of pods) {
      const time = podCondition(pod, 'Ready')?.lastTransitionTime
      if (!time) continue
      const name = pod.metadata.name ?? ''
      times.set(name, time)
      if (time > (known?.pods.get(name) ?? '') && (first === undefined || time < first)) first = time
    }
    const created = service.metadata.creationTimestamp ?? ''
    if (created > (known?.service ?? '') && (first === undefined || created < first)) first = created
    this.#known.set(key, { service: created, pods: times })
    return known ? first : created || undefined
  }

  forget(key: string): void {
    this.#known.delete(key)
  }
}
