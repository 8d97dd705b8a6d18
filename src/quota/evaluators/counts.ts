import { one } from '../amounts.ts'
import { countName } from '../evaluator.ts'
import type { QuotaEvaluator } from '../evaluator.ts'

/** Names by which some were counted before there was one for all. */
const oldNames: ReadonlySet<string> = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'])

/** Objects that are counted and nothing else. */
export function countEvaluator(group: string, plural: string): QuotaEvaluator {
  const names = [countName(group, plural), ...(group === '' && oldNames.has(plural) ? [plural] : [])]
  const used = new Map(names.map((name) => [name, one]))
  return {
    handles: ({ operation, subresource }) => operation === 'CREATE' && subresource === '',
    covers: (name) => used.has(name),
    usage: () => used,
  }
}
