import type { NodeInfo } from '../../cache/node-info.ts'
import type { FilterColumn } from '../../framework/columns.ts'
import type { PreFilterOutcome } from '../../framework/plugin.ts'
import { unresolvable, unschedulable } from '../../framework/status.ts'
import type { Status, StatusTable } from '../../framework/status.ts'
import { names } from '../names.ts'
import type { FilterTables } from './filter-tables.ts'

const noAffinity = unresolvable(names.interPodAffinity, "node(s) didn't match pod affinity rules")
const ownAntiAffinity = unschedulable(names.interPodAffinity, "node(s) didn't match pod anti-affinity rules")
const theirAntiAffinity = unschedulable(
  names.interPodAffinity,
  "node(s) didn't satisfy existing pods anti-affinity rules",
)

/** Verdicts of required inter-pod affinity over all nodes. */
export class AffinityFilter implements FilterColumn {
  readonly #tables: FilterTables
  readonly #statuses: StatusTable

  constructor(tables: FilterTables, statuses: StatusTable) {
    this.#tables = tables
    this.#statuses = statuses
  }

  outcome(): PreFilterOutcome | undefined {
    if (this.#tables.cannotMatter) return { skip: true }
    const tables = this.#tables.current()
    return tables.entries === 0 && !tables.hasOwnTerms ? { skip: true } : undefined
  }

  apply(verdicts: Int32Array, size: number): void {
    const filter = this.#tables.current()
    const { tables } = filter
    if (filter.affinity.length > 0) this.#applyAffinity(verdicts, size)
    this.#refuse(verdicts, size, filter.antiAffinity, this.#statuses.idOf(ownAntiAffinity))
    const existing = filter.existing.filter((table) => tables[table]!.counts.some((count) => count > 0))
    this.#refuse(verdicts, size, existing, this.#statuses.idOf(theirAntiAffinity))
  }

  #applyAffinity(verdicts: Int32Array, size: number): void {
    const filter = this.#tables
    const status = this.#statuses.idOf(noAffinity)
    const anywhere = mayBeFirst(
      filter,
      filter.affinity.map((table) => filter.tables[table]!.counts),
    )
    for (const number of filter.affinity) {
      const { topology, counts } = filter.tables[number]!
      const of = topology.current()
      for (let slot = 0; slot < size; slot++) {
        if (verdicts[slot] !== 0) continue
        const value = of[slot]!
        if (value < 0 || (!anywhere && !(counts[value]! > 0))) verdicts[slot] = status
      }
    }
  }

  #refuse(verdicts: Int32Array, size: number, numbers: readonly number[], status: number): void {
    for (const number of numbers) {
      const { topology, counts } = this.#tables.tables[number]!
      const of = topology.current()
      for (let slot = 0; slot < size; slot++) {
        const value = of[slot]!
        if (verdicts[slot] === 0 && value >= 0 && counts[value]! > 0) verdicts[slot] = status
      }
    }
  }
}

/** The first pod of a series with affinity among themselves may go anywhere, or none could ever go. */
function mayBeFirst(filter: FilterTables, counts: readonly Float64Array[]): boolean {
  return filter.meetsItself && !counts.some((table) => table.some((count) => count > 0))
}

/** The verdict about one node by amounts that were tried out. @param counts by number of table. */
export function verdict(filter: FilterTables, counts: readonly Float64Array[], node: NodeInfo): Status | undefined {
  const amount = (number: number): number | undefined => {
    const { topology } = filter.tables[number]!
    const value = node.labels[topology.key]
    return value === undefined ? undefined : (counts[number]?.[topology.ids.get(value) ?? -1] ?? 0)
  }
  if (filter.affinity.length > 0) {
    const amounts = filter.affinity.map(amount)
    if (amounts.includes(undefined)) return noAffinity
    const met = amounts.every((count) => count !== undefined && count > 0)
    if (
      !met &&
      !mayBeFirst(
        filter,
        filter.affinity.map((number) => counts[number]!),
      )
    )
      return noAffinity
  }
  if (filter.antiAffinity.some((number) => (amount(number) ?? 0) > 0)) return ownAntiAffinity
  return filter.existing.some((number) => (amount(number) ?? 0) > 0) ? theirAntiAffinity : undefined
}
