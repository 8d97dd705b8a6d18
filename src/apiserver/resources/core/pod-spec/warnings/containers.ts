import { quote } from '#machinery'
import type { Path, ResourceList } from '#machinery'
import { isOfWholeBytes } from '../../whole-bytes.ts'
import type { AnyContainer } from '../visit.ts'

/** Memory and disk come in whole bytes. */
export function amountWarnings(list: ResourceList | undefined, path: Path): string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) => amountWarning(list, name, path))
}

/** Warns of one amount of a list when it is not whole. */
export function amountWarning(list: ResourceList | undefined, name: string, path: Path): string[] {
  const amount = list?.[name]
  if (amount === undefined || isOfWholeBytes(amount)) return []
  return [`${path.key(name).toString()}: fractional byte value ${quote(amount)} is invalid, must be an integer`]
}

export function containerWarnings({ resources, env = [] }: AnyContainer, path: Path): string[] {
  const limits = path.child('resources', 'limits')
  const requests = path.child('resources', 'requests')
  const warnings = ['memory', 'ephemeral-storage'].flatMap((name) => [
    ...amountWarning(resources?.limits, name, limits),
    ...amountWarning(resources?.requests, name, requests),
  ])
  const seen = new Set<string>()
  for (const [index, { name, value = '', valueFrom }] of env.entries()) {
    if (!seen.has(name)) {
      seen.add(name)
      continue
    }
    // A value that takes the former one up does not hide it.
    const reference = `$(${name})`
    if (!valueFrom && value !== reference && value.includes(reference)) continue
    const at = path.child('env').index(index).toString()
    warnings.push(`${at}: hides previous definition of ${quote(name)}, which may be dropped when using apply`)
  }
  return warnings
}
