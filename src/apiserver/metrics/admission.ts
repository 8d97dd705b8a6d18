import { headText, Histogram, labelText } from '#machinery'
import type { LabelSet } from '#machinery'

/** Seconds, as upstream has them. */
const bounds = [0.005, 0.025, 0.1, 0.5, 1, 2.5]

type Phase = 'admit' | 'validate'

class Family {
  readonly #name: string
  readonly #help: string
  readonly #series = new Map<string, { readonly labels: LabelSet; readonly seconds: Histogram }>()

  constructor(name: string, help: string) {
    this.#name = name
    this.#help = help
  }

  /** The series of these labels; it is told once it has a value. */
  series(labels: LabelSet): Histogram {
    const key = labelText(labels)
    let series = this.#series.get(key)
    if (!series) this.#series.set(key, (series = { labels, seconds: new Histogram(bounds) }))
    return series.seconds
  }

  text(): string {
    let text = headText(this.#name, 'histogram', this.#help)
    for (const { labels, seconds } of this.#series.values())
      if (seconds.count > 0) text += seconds.text(this.#name, labels)
    return text
  }
}

/** How long admission took, as a whole and by plugin. */
export class AdmissionMetrics {
  readonly #steps = new Family(
    'apiserver_admission_step_admission_duration_seconds',
    'How long all plugins of a phase took, in seconds.',
  )
  readonly #plugins = new Family(
    'apiserver_admission_controller_admission_duration_seconds',
    'How long a plugin took, in seconds.',
  )

  step(type: Phase, operation: string, rejected: boolean): Histogram {
    return this.#steps.series({ operation, rejected: String(rejected), type })
  }

  plugin(name: string, type: Phase, operation: string, rejected: boolean): Histogram {
    return this.#plugins.series({ name, operation, rejected: String(rejected), type })
  }

  text(): string {
    return this.#steps.text() + this.#plugins.text()
  }
}
