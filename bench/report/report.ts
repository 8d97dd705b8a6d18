import { appendFileSync, writeFileSync } from 'node:fs'
import type { Facts, Figure, Row } from './row.ts'
import { formatFacts, formatNumber, table } from './table.ts'

/** Takes figures as they come: each is a line of JSON at once, all together are a table at the end. */
export class Report {
  readonly #figures: Figure[] = []
  readonly #file: string | undefined

  /** @param file gets the lines of JSON, instead of the output, which then has a line to read for each. */
  constructor(file?: string) {
    this.#file = file
    if (file !== undefined) writeFileSync(file, '')
  }

  record(system: string, row: Row, value: number, facts: Facts = {}): void {
    this.#figures.push({ system, row, value, facts })
    const line = JSON.stringify({ system, row: row.id, value: rounded(value), unit: row.unit, ...mapped(facts) })
    if (this.#file === undefined) {
      console.log(line)
      return
    }
    appendFileSync(this.#file, `${line}\n`)
    const details = formatFacts(facts)
    console.log(`${system}: ${row.title}: ${formatNumber(value)} ${row.unit}${details === '' ? '' : ` (${details})`}`)
  }

  /** @param systems in the order of the columns; the first is compared with the second. */
  print(systems: readonly string[]): void {
    console.log(`\n${table(this.#figures, systems)}`)
  }
}

const rounded = (value: number): number => Number(value.toPrecision(5))

const mapped = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name.replaceAll(' ', '_'), rounded(value)]))
