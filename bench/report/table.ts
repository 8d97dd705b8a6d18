import { ratio } from './row.ts'
import type { Facts, Figure, Row } from './row.ts'

/** One line per row in the order in which they were measured: a column per system, and how the first compares. */
export function table(figures: readonly Figure[], systems: readonly string[]): string {
  const rows = [...new Map(figures.map(({ row }) => [row.id, row])).values()]
  const compare = systems.length > 1
  const head = ['', ...systems, ...(compare ? ['times as good', 'wanted'] : ['limit']), '']
  const lines = rows.map((row) => lineOf(row, systems, figures, compare))
  const all = [head, ...lines]
  const widths = head.map((_, column) => Math.max(...all.map((cells) => (cells[column] ?? '').length)))
  return all
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function lineOf(row: Row, systems: readonly string[], figures: readonly Figure[], compare: boolean): string[] {
  const of = (system: string | undefined): Figure | undefined =>
    figures.find((figure) => figure.row.id === row.id && figure.system === system)
  const values = systems.map((system) => {
    const figure = of(system)
    return figure ? `${formatNumber(figure.value)} ${row.unit}` : '-'
  })
  const [ours, theirs] = [of(systems[0]), of(systems[1])]
  const times = ours && theirs ? ratio(row, ours.value, theirs.value) : undefined
  const short =
    (row.wanted !== undefined && times !== undefined && times < row.wanted) ||
    (row.limit !== undefined && ours !== undefined && isBeyond(row, ours.value, row.limit))
  const wanted = [
    ...(compare && row.wanted !== undefined ? [String(row.wanted)] : []),
    ...(row.limit === undefined ? [] : [`${row.limit} ${row.unit}`]),
  ].join(', ')
  const ratioCell = times === undefined ? '' : times.toFixed(times < 10 ? 2 : 1)
  return [row.title, ...values, ...(compare ? [ratioCell, wanted] : [wanted]), short ? 'falls short' : '']
}

const isBeyond = ({ better }: Row, value: number, limit: number): boolean =>
  better === 'more' ? value < limit : value > limit

/** Three significant digits, but never fewer than the number has before the point. */
export function formatNumber(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 4))
}

/** `p50 1.2 ms, p99 3 ms`. */
export const formatFacts = (facts: Facts): string =>
  Object.entries(facts)
    .map(([name, value]) => {
      const [what = '', ...unit] = name.split(' ')
      return [what, formatNumber(value), ...unit].join(' ')
    })
    .join(', ')
