import { HistogramFamily } from '#machinery'
import type { Histogram, MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** Seconds, as upstream has them. */
const bounds = [0.005, 0.025, 0.1, 0.5, 1, 2.5]

export type AdmissionType = 'admit' | 'validate'

/** How long admission took, as a whole and by plugin. */
export class AdmissionMetrics implements FamilySource {
  readonly #steps = new HistogramFamily(
    'apiserver_admission_step_admission_duration_seconds',
    'How long all plugins of a phase took, in seconds.',
    bounds,
    ['operation', 'rejected', 'type'],
  )
  readonly #plugins = new HistogramFamily(
    'apiserver_admission_controller_admission_duration_seconds',
    'How long a plugin took, in seconds.',
    bounds,
    ['name', 'operation', 'rejected', 'type'],
  )

  step(type: AdmissionType, operation: string, rejected: boolean): Histogram {
    return this.#steps.of(operation, String(rejected), type)
  }

  plugin(name: string, type: AdmissionType, operation: string, rejected: boolean): Histogram {
    return this.#plugins.of(name, operation, String(rejected), type)
  }

  families(): readonly MetricFamily[] {
    return [told(this.#steps), told(this.#plugins)]
  }
}

/** Series are there for all plugins and operations; they are told once they have a value. */
const told = (family: HistogramFamily): MetricFamily => ({
  name: family.name,
  type: family.type,
  help: family.help,
  samples: () => [...family.samples()].filter(({ value }) => (value as Histogram).count > 0),
})
