import { labelText } from '#machinery'
import type { HistogramValue, LabelSet, MetricFamily, Sample } from '#machinery'

/**
 * What was counted before somebody asked for counts to begin anew: it is taken away from what is told, so that whoever
 * counts need not know. Gauges tell what is, and the process goes on as it was.
 */
export class Baseline {
  readonly #before = new Map<string, Sample['value']>()

  /** From now on these families are told as if they began. */
  begin(families: readonly MetricFamily[]): void {
    this.#before.clear()
    for (const family of families.filter(isCounted))
      for (const { labels, value } of family.samples()) this.#before.set(keyOf(family, labels), valueOf(value))
  }

  /** The families since then; as they are, where it never was. */
  since(families: readonly MetricFamily[]): readonly MetricFamily[] {
    if (this.#before.size === 0) return families
    return families.map((family) => (isCounted(family) ? this.#since(family) : family))
  }

  #since(family: MetricFamily): MetricFamily {
    const { name, type, help } = family
    const samples = (): readonly Sample[] =>
      [...family.samples()].flatMap(({ labels, value }) => {
        const before = this.#before.get(keyOf(family, labels))
        const since = before === undefined ? value : difference(value, before)
        // A series that nothing came to is none, but for those that are told from the start.
        const isTold = before === undefined || Object.keys(labels).length === 0 || !isNothing(since)
        return isTold ? [{ labels, value: since }] : []
      })
    return { name, type, help, samples }
  }
}

const isCounted = ({ type, name }: MetricFamily): boolean => type !== 'gauge' && !/^(?:process|nodejs|go)_/.test(name)

const keyOf = ({ name }: MetricFamily, labels: LabelSet): string => name + labelText(labels)

const valueOf = (value: Sample['value']): Sample['value'] =>
  typeof value === 'number' ? value : { bounds: value.bounds, counts: Array.from(value.counts), sum: value.sum }

function difference(value: Sample['value'], before: Sample['value']): Sample['value'] {
  if (typeof value === 'number') return typeof before === 'number' ? value - before : value
  if (typeof before === 'number') return value
  const counts = Array.from(value.counts, (count, index) => count - (before.counts[index] ?? 0))
  return { bounds: value.bounds, counts, sum: value.sum - before.sum }
}

const isNothing = (value: number | HistogramValue): boolean =>
  typeof value === 'number' ? value === 0 : Array.from(value.counts).every((count) => count === 0)
