export type Labels = { readonly [name: string]: string }

export interface Sample {
  readonly labels: Labels
  readonly value: number
  /** Wall time in milliseconds, where it is not now. */
  readonly at?: number
}

export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: readonly Sample[]
}

const escapeLabel = (text: string): string =>
  text.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`))

/** The text format of Prometheus. Families without samples are left out. */
export function expose(families: readonly Family[]): string {
  const lines: string[] = []
  for (const { name, type, help, samples } of families) {
    if (samples.length === 0) continue
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    for (const { labels, value, at } of samples) {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
      const set = pairs.length > 0 ? `{${pairs.join(',')}}` : ''
      lines.push(`${name}${set} ${value}${at === undefined ? '' : ` ${at}`}`)
    }
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
