import { headText, labelText, numberText } from '#machinery'

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

export const family = (name: string, type: Family['type'], help: string, samples: readonly Sample[]): Family => ({
  name,
  type,
  help,
  samples,
})

/** The text format of Prometheus. Families without samples are left out. */
export function expose(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(
        ({ labels, value, at }) =>
          `${name}${labelText(labels)} ${numberText(value)}${at === undefined ? '' : ` ${at}`}\n`,
      )
      return lines.length === 0 ? '' : headText(name, type, help) + lines.join('')
    })
    .join('')
}
