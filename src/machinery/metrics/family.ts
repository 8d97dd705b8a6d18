import { Histogram } from './histogram.ts'
import { headText, labelText, numberText } from './text.ts'
import type { LabelSet, MetricType } from './text.ts'

/** One number of a family. Whoever counts often keeps it. */
export interface Cell {
  value: number
}

/** Numbers of one name, by the values of their labels. */
export class NumberFamily {
  readonly #name: string
  readonly #type: Exclude<MetricType, 'histogram'>
  readonly #help: string
  readonly #labels: readonly string[]
  readonly #values = new Map<string, Cell>()

  constructor(type: Exclude<MetricType, 'histogram'>, name: string, help: string, labels: readonly string[]) {
    this.#name = name
    this.#type = type
    this.#help = help
    this.#labels = labels
  }

  /** @param values of the labels, in the order in which they were given. */
  of(...values: readonly string[]): Cell {
    const key = values.join('\0')
    let cell = this.#values.get(key)
    if (!cell) this.#values.set(key, (cell = { value: 0 }))
    return cell
  }

  add(amount: number, ...values: readonly string[]): void {
    this.of(...values).value += amount
  }

  set(value: number, ...values: readonly string[]): void {
    this.of(...values).value = value
  }

  /** Drops numbers for which these labels, by position, have these values. */
  drop(position: number, value: string): void {
    for (const key of this.#values.keys()) if (key.split('\0')[position] === value) this.#values.delete(key)
  }

  text(): string {
    if (this.#values.size === 0 && this.#labels.length > 0) return ''
    let text = headText(this.#name, this.#type, this.#help)
    if (this.#values.size === 0) return `${text}${this.#name} 0\n`
    for (const [key, { value }] of this.#values) {
      text += `${this.#name}${labelText(labelsOf(this.#labels, key))} ${numberText(value)}\n`
    }
    return text
  }
}

/** Histograms of one name, by the values of their labels. */
export class HistogramFamily {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #labels: readonly string[]
  readonly #histograms = new Map<string, Histogram>()

  constructor(name: string, help: string, bounds: readonly number[], labels: readonly string[]) {
    this.#name = name
    this.#help = help
    this.#bounds = bounds
    this.#labels = labels
  }

  of(...values: readonly string[]): Histogram {
    const key = values.join('\0')
    let histogram = this.#histograms.get(key)
    if (!histogram) this.#histograms.set(key, (histogram = new Histogram(this.#bounds)))
    return histogram
  }

  observe(value: number, ...values: readonly string[]): void {
    this.of(...values).observe(value)
  }

  text(): string {
    if (this.#histograms.size === 0) return ''
    let text = headText(this.#name, 'histogram', this.#help)
    for (const [key, histogram] of this.#histograms) text += histogram.text(this.#name, labelsOf(this.#labels, key))
    return text
  }
}

/** Counts and times what comes to one of a few results. */
export class Outcomes<T extends string> {
  readonly #counts: NumberFamily
  readonly #times: HistogramFamily
  readonly #known = new Map<T, { readonly count: Cell; readonly time: Histogram }>()

  /** Both families have the result for their only label. */
  constructor(counts: NumberFamily, times: HistogramFamily) {
    this.#counts = counts
    this.#times = times
  }

  note(result: T, milliseconds: number): void {
    let known = this.#known.get(result)
    if (!known) this.#known.set(result, (known = { count: this.#counts.of(result), time: this.#times.of(result) }))
    known.count.value++
    known.time.observe(milliseconds / 1000)
  }

  text(): string {
    return this.#counts.text() + this.#times.text()
  }
}

/** Bounds of what mostly takes less than ten seconds. */
export const usualBounds: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Bounds that grow by a factor. */
export function exponentialBounds(first: number, factor: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first * factor ** index)
}

function labelsOf(names: readonly string[], key: string): LabelSet {
  const values = key.split('\0')
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}
