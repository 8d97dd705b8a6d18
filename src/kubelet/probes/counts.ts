import type { Pod } from '#api/core/v1'
import { expose, type Labels, type Sample } from '../stats/exposition.ts'
import type { ProbeKind } from '../status/readiness.ts'
import type { ProbeOutcome } from './run.ts'

const results: { readonly [kind in ProbeOutcome['kind']]: string } = {
  success: 'successful',
  warning: 'successful',
  failure: 'failed',
  error: 'unknown',
}

/** How the probes of one kind of one container turned out. */
export class ProbeCounts {
  readonly #labels: Labels
  readonly #type: string
  readonly #counts = new Map<string, number>()

  constructor(kind: ProbeKind, { metadata }: Pod, container: string) {
    const { namespace = '', name = '', uid = '' } = metadata
    this.#labels = { container, namespace, pod: name, pod_uid: uid }
    this.#type = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  }

  add(outcome: ProbeOutcome['kind']): void {
    const result = results[outcome]
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1)
  }

  samples(): Sample[] {
    const labels = { ...this.#labels, probe_type: this.#type }
    return [...this.#counts].map(([result, value]) => ({ labels: { ...labels, result }, value }))
  }
}

export function probeMetrics(counts: Iterable<ProbeCounts>): string {
  const samples = [...counts].flatMap((each) => each.samples())
  const help = '[BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.'
  return expose([{ name: 'prober_probe_total', type: 'counter', help, samples }])
}
