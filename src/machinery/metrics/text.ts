export type MetricType = 'counter' | 'gauge' | 'histogram'

/** Names and values of a series' labels. */
export interface LabelSet {
  readonly [label: string]: string
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

/** A number as Go prints it: short, with an exponent beyond 21 digits. */
export function numberText(value: number): string {
  if (value === Infinity) return '+Inf'
  if (value === -Infinity) return '-Inf'
  return Number.isInteger(value) && Math.abs(value) < 1e21
    ? String(value)
    : value.toString().replace(/e([+-])(\d)$/, 'e$10$2')
}
