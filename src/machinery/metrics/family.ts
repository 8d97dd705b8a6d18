import { Histogram } from './histogram.ts'
import { familyText } from './text.ts'
import type { LabelSet, MetricFamily, MetricType, Sample } from './text.ts'

/** One number of a family. Whoever counts often keeps it. */
export interface Cell {
  value: number
}

/** A family whose series are gathered when somebody asks. */
export function gathered(type: MetricType, name: string, help: string, samples: () => Iterable<Sample>): MetricFamily {
  return { name, type, help, samples }
}

/** Series of one name, by the values of their labels. */
class SeriesFamily<T extends object> {
  readonly name: string
  readonly help: string
  readonly #labels: readonly string[]
  readonly #make: () => T
  readonly #series = new Map<string, T>()

  constructor(name: string, help: string, labels: readonly string[], make: () => T) {
    this.name = name
    this.help = help
    this.#labels = labels
    this.#make = make
  }

  /** @param values of the labels, in the order in which they were given. */
  of(...values: readonly string[]): T {
    const key = values.join('\0')
    let series = this.#series.get(key)
    if (!series) this.#series.set(key, (series = this.#make()))
    return series
  }

  /** Drops series for which this label, by position, has this value. */
  drop(position: number, value: string): void {
    for (const key of this.#series.keys()) if (key.split('\0')[position] === value) this.#series.delete(key)
  }

  protected *labelled(): Iterable<readonly [LabelSet, T]> {
    for (const [key, series] of this.#series) {
      const values = key.split('\0')
      yield [Object.fromEntries(this.#labels.map((name, index) => [name, values[index] ?? ''])), series]
    }
  }
}

/** Numbers of one name, by the values of their labels. One without labels is told from the start. */
export class NumberFamily extends SeriesFamily<Cell> implements MetricFamily {
  readonly type: Exclude<MetricType, 'histogram'>

  constructor(type: Exclude<MetricType, 'histogram'>, name: string, help: string, labels: readonly string[]) {
    super(name, help, labels, () => ({ value: 0 }))
    this.type = type
    if (labels.length === 0) this.of()
  }

  add(amount: number, ...values: readonly string[]): void {
    this.of(...values).value += amount
  }

  set(value: number, ...values: readonly string[]): void {
    this.of(...values).value = value
  }

  *samples(): Iterable<Sample> {
    for (const [labels, { value }] of this.labelled()) yield { labels, value }
  }

  text(): string {
    return familyText(this)
  }
}

/** Histograms of one name, by the values of their labels; `of()` has one without labels told from the start. */
export class HistogramFamily extends SeriesFamily<Histogram> implements MetricFamily {
  readonly type = 'histogram'

  constructor(name: string, help: string, bounds: readonly number[], labels: readonly string[]) {
    super(name, help, labels, () => new Histogram(bounds))
  }

  observe(value: number, ...values: readonly string[]): void {
    this.of(...values).observe(value)
  }

  *samples(): Iterable<Sample> {
    for (const [labels, value] of this.labelled()) yield { labels, value }
  }

  text(): string {
    return familyText(this)
  }
}

/** Counts and times what comes to one of a few results. */
export class Outcomes<T extends string> {
  /** How often, and how long. */
  readonly families: readonly [NumberFamily, HistogramFamily]
  readonly #known = new Map<T, { readonly count: Cell; readonly time: Histogram }>()

  /** Both families have the result for their only label. */
  constructor(counts: NumberFamily, times: HistogramFamily) {
    this.families = [counts, times]
  }

  note(result: T, milliseconds: number): void {
    let known = this.#known.get(result)
    if (!known) {
      const [counts, times] = this.families
      this.#known.set(result, (known = { count: counts.of(result), time: times.of(result) }))
    }
    known.count.value++
    known.time.observe(milliseconds / 1000)
  }
}

/** Bounds of what mostly takes less than ten seconds. */
export const usualBounds: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Bounds that grow by a factor, each reckoned from the one before: their digits are what they are known by. */
export function exponentialBounds(first: number, factor: number, count: number): readonly number[] {
  const bounds: number[] = []
  for (let bound = first; bounds.length < count; bound *= factor) bounds.push(bound)
  return bounds
}

/** Bounds that grow by a sum. */
export function linearBounds(first: number, step: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + step * index)
}
