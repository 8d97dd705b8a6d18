import type { HistogramValue } from './histogram.ts'

export type MetricType = 'counter' | 'gauge' | 'histogram'

/** Names and values of a series' labels. */
export interface LabelSet {
  readonly [label: string]: string
}

/** One series of a family. */
export interface Sample {
  readonly labels: LabelSet
  readonly value: number | HistogramValue
}

/** All series of one name. */
export interface MetricFamily {
  readonly name: string
  readonly type: MetricType
  readonly help: string
  samples(): Iterable<Sample>
}

/** Families in Prometheus' text format, version 0.0.4, in order of their names. Those without series are left out. */
export function expositionText(families: Iterable<MetricFamily>): string {
  return byName(families).map(familyText).join('')
}

export function byName(families: Iterable<MetricFamily>): readonly MetricFamily[] {
  return [...families].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** One family in the text format; empty without series. */
export function familyText(family: MetricFamily): string {
  const { name, type, help } = family
  let text = ''
  for (const { labels, value } of family.samples())
    text +=
      typeof value === 'number'
        ? `${name}${labelText(labels)} ${numberText(value)}\n`
        : histogramText(name, labels, value)
  return text === '' ? '' : headText(name, type, help) + text
}

function histogramText(name: string, labels: LabelSet, { bounds, counts, sum }: HistogramValue): string {
  const suffix = labelText(labels)
  const start = `${name}_bucket${suffix === '' ? '{' : `${suffix.slice(0, -1)},`}le="`
  let total = 0
  let text = ''
  for (let index = 0; index <= bounds.length; index++) {
    total += counts[index] ?? 0
    text += `${start}${numberText(bounds[index] ?? Infinity)}"} ${numberText(total)}\n`
  }
  return `${text}${name}_sum${suffix} ${numberText(sum)}\n${name}_count${suffix} ${numberText(total)}\n`
}

/** `{code="200",verb="GET"}`, labels in order of their names; empty without labels. */
export function labelText(labels: LabelSet): string {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return ''
  return `{${entries.map(([name, value]) => `${name}="${escape(value)}"`).join(',')}}`
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

/** Head of a metric in Prometheus' text format. */
export function headText(name: string, type: MetricType, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

/** A number as Go's shortest `%g` has it, which bounds of buckets are known by: `0.005`, `1e-05`, `1e+06`. */
export function numberText(value: number): string {
  if (value === Infinity) return '+Inf'
  if (value === -Infinity) return '-Inf'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  const scientific = value.toExponential()
  const split = scientific.indexOf('e')
  const exponent = Number(scientific.slice(split + 1))
  if (exponent >= -4 && exponent < 6) return String(value)
  const digits = String(Math.abs(exponent)).padStart(2, '0')
  return `${scientific.slice(0, split)}e${exponent < 0 ? '-' : '+'}${digits}`
}
