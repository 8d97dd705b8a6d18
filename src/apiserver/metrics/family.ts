import { Histogram } from './histogram.ts'
import { headText, labelText, numberText } from './text.ts'
import type { LabelSet, MetricType } from './text.ts'

/** Numbers of one name, by the values of their labels. Labels stand in the order of their names. */
export class NumberFamily {
  readonly #name: string
  readonly #type: Exclude<MetricType, 'histogram'>
  readonly #help: string
  readonly #labels: readonly string[]
  readonly #values = new Map<string, number>()

  constructor(type: Exclude<MetricType, 'histogram'>, name: string, help: string, labels: readonly string[]) {
    this.#name = name
    this.#type = type
    this.#help = help
    this.#labels = labels
  }

  /** @param values of the labels, in the order in which they were given. */
  add(amount: number, ...values: readonly string[]): void {
    const key = values.join('\0')
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount)
  }

  set(value: number, ...values: readonly string[]): void {
    this.#values.set(values.join('\0'), value)
  }

  /** Drops numbers for which these labels, by position, have these values. */
  drop(position: number, value: string): void {
    for (const key of this.#values.keys()) if (key.split('\0')[position] === value) this.#values.delete(key)
  }

  text(): string {
    if (this.#values.size === 0 && this.#labels.length > 0) return ''
    let text = headText(this.#name, this.#type, this.#help)
    if (this.#values.size === 0) return `${text}${this.#name} 0\n`
    for (const [key, value] of this.#values) {
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

  observe(value: number, ...values: readonly string[]): void {
    const key = values.join('\0')
    let histogram = this.#histograms.get(key)
    if (!histogram) this.#histograms.set(key, (histogram = new Histogram(this.#bounds)))
    histogram.observe(value)
  }

  drop(position: number, value: string): void {
    for (const key of this.#histograms.keys()) if (key.split('\0')[position] === value) this.#histograms.delete(key)
  }

  text(): string {
    if (this.#histograms.size === 0) return ''
    let text = headText(this.#name, 'histogram', this.#help)
    for (const [key, histogram] of this.#histograms) text += histogram.text(this.#name, labelsOf(this.#labels, key))
    return text
  }
}

/** Bounds that grow by a factor. */
export function exponentialBounds(first: number, factor: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first * factor ** index)
}

function labelsOf(names: readonly string[], key: string): LabelSet {
  const values = key.split('\0')
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}
